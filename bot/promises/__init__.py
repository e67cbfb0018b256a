"""What was promised to a customer, by when, and the reminder that it is kept."""
