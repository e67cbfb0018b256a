"""Tables, data tables and charts."""

import json
from typing import Any

from bot.sandbox.validation.problems import Problems

Json = dict[str, Any]


def check_table(problems: Problems, block: Json, pointer: str) -> None:
    """Check a table: 100 rows of 20 cells, 10,000 characters."""
    if not problems.shape(block, pointer, ("rows",), ("block_id", "column_settings")):
        return
    rows = problems.items(block["rows"], f"{pointer}/rows", 100)
    for index, row in enumerate(rows):
        problems.items(row, f"{pointer}/rows/{index}", 20)
    if block.get("column_settings") is not None:
        problems.items(block["column_settings"], f"{pointer}/column_settings", 20, least=0)
    if cell_characters(rows) > 10_000:
        problems.add("must be less than 10001 characters in all cells", f"{pointer}/rows")


def check_data_table(problems: Problems, block: Json, pointer: str) -> None:
    """Check a data table: 2 to 201 rows of 20 cells, a caption."""
    optional = ("block_id", "page_size", "row_header_column_index")
    if not problems.shape(block, pointer, ("rows", "caption"), optional):
        return
    rows = problems.items(block["rows"], f"{pointer}/rows", 201, least=2)
    for index, row in enumerate(rows):
        problems.items(row, f"{pointer}/rows/{index}", 20)
    if "page_size" in block:
        problems.whole(block["page_size"], f"{pointer}/page_size", 1, 100)
    if cell_characters(rows) > 20_000:
        problems.add("must be less than 20001 characters in all cells", f"{pointer}/rows")


def cell_characters(rows: Any) -> int:
    """Count the characters of the texts in a table's cells."""
    if isinstance(rows, list):
        return sum(cell_characters(row) for row in rows)
    if isinstance(rows, dict):
        own = len(rows["text"]) if isinstance(rows.get("text"), str) else 0
        return own + cell_characters(rows.get("elements"))
    return 0


def check_chart(problems: Problems, block: Json, pointer: str) -> None:
    """Check a data_visualization: a short title, 12 series or segments, 20 points."""
    if not problems.shape(block, pointer, ("title", "chart"), ("block_id",)):
        return
    problems.text(block["title"], f"{pointer}/title", 50)
    chart, at = block["chart"], f"{pointer}/chart"
    if not isinstance(chart, dict):
        problems.add("must provide an object", at)
        return
    kind = chart.get("type")
    problems.one_of(kind, f"{at}/type", ("pie", "line", "bar", "area"))
    key = "segments" if kind == "pie" else "series"
    for index, part in enumerate(problems.items(chart.get(key), f"{at}/{key}", 12)):
        _part(problems, part, f"{at}/{key}/{index}", pie=kind == "pie")


def _part(problems: Problems, part: Any, pointer: str, *, pie: bool) -> None:
    if not isinstance(part, dict):
        problems.add("must provide an object", pointer)
    elif pie:
        problems.optional_text(part, "label", pointer, 20)
        if not isinstance(part.get("value"), int | float) or part["value"] <= 0:
            problems.add("must be more than 0", f"{pointer}/value")
    else:
        problems.items(part.get("data"), f"{pointer}/data", 20)


def json_size(value: Any) -> int:
    """Count the bytes of something as JSON."""
    return len(json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"))
