"""A pretend Slack workspace on a real port. It knows Slack and not one line of the bot."""
