"""Slack's Web API, a family of methods a module."""
