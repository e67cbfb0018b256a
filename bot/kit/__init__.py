"""My kit: private saved phrases and techniques, edited my way, my triggers."""
