"""What every surface in Slack shares: listening, drawing, answering, sending."""
