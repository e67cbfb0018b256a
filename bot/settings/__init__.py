"""Set-up inside Slack: teams and leads, channels, hours, company help, limits that can only be stricter."""
