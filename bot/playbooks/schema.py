"""JSON Schemas of the playbooks, for editors; `python -m bot.playbooks.schema` writes them anew."""

import json
from pathlib import Path
from typing import Any

from bot.playbooks.loading import shipped_playbooks
from bot.playbooks.sections import SECTIONS, Section


def schemas() -> dict[str, dict[str, Any]]:
    """One schema a section, by the name of its file without `.json`."""
    return {it.name: _schema(it) for it in SECTIONS}


def text_of(schema: dict[str, Any]) -> str:
    """A schema as it is kept: stable, so that a change shows as a change."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def write(folder: Path) -> list[Path]:
    """Write every schema into a folder."""
    folder.mkdir(exist_ok=True)
    written = []
    for name, schema in schemas().items():
        path = folder / f"{name}.json"
        path.write_text(text_of(schema), encoding="utf-8")
        written.append(path)
    return written


def _schema(section: Section[Any]) -> dict[str, Any]:
    """The models' own schema, but for `extends`: an extension may leave out whatever it does not change."""
    schema = section.file.model_json_schema(by_alias=True)
    whole = schema.pop("required")
    schema["properties"]["extends"] = {
        "type": "boolean",
        "default": False,
        "description": "true: add to the shipped playbook of the same name instead of taking its place.",
    }
    schema["if"] = {"properties": {"extends": {"const": True}}, "required": ["extends"]}
    schema["then"] = {"required": [section.key] if section.listed is None else []}
    schema["else"] = {"required": whole}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


if __name__ == "__main__":
    write(shipped_playbooks() / "schema")
