"""The data map, printed from the same list that export, erasing and retention go by."""

from collections.abc import Iterable

from bot.personal import Holding, Table

HEAD = Table("table", "what it holds", "whose", "kept for")


def data_map(holdings: Iterable[Holding]) -> str:
    """One line a table, in columns; fits a page."""
    rows = [HEAD, *sorted((it for holding in holdings for it in holding.tables), key=lambda it: it.name)]
    cells = [(row.name, row.what, row.whose, row.kept_for) for row in rows]
    widths = [max(len(cell[at]) for cell in cells) for at in range(4)]
    return "\n".join(
        "  ".join(text.ljust(width) for text, width in zip(cell, widths, strict=True)).rstrip()
        for cell in cells
    )
