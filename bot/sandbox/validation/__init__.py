"""What Slack refuses in messages and views, with its own error names and json-pointers."""

from bot.sandbox.validation.surfaces import MessageRules, Refusal, check_message, check_view

__all__ = ["MessageRules", "Refusal", "check_message", "check_view"]
