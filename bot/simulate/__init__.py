"""A month of messages to thousands of people in minutes, on the pretend Slack: `steady simulate`."""
