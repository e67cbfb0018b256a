"""What protects people whatever the feature: masks, who may see, small counts, seals. Knows no feature."""
