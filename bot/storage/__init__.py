"""One seam over SQLite and PostgreSQL: a unit of work goes in, and is kept whole or not at all."""
