"""What a person at a keyboard does, a family of acts a module."""
