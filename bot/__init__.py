"""Steady: a calm colleague in Slack for people who talk to customers all day."""
