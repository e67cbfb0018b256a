"""App Home: one page that gathers the features' sections."""
