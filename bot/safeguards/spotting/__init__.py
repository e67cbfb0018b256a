"""Finding personal data in a text, one module a kind; each reads a `Plain` and knows no other."""
