"""What ships beside the code: schemas, the author's page, and the playbooks inside a wheel."""

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import jsonschema
import pytest
import yaml

from bot.playbooks.loading import load, shipped_playbooks
from bot.playbooks.model import Phrase, Situation, Technique
from bot.playbooks.schema import schemas, text_of, write
from bot.playbooks.sections import SECTIONS, SITUATIONS
from bot.shipped import shipped

ROOT = Path(__file__).parents[2]
README = (ROOT / "playbooks" / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)


@pytest.mark.parametrize("name", [it.name for it in SECTIONS])
def test_schemas_are_as_the_models_say(name: str) -> None:
    kept = (shipped_playbooks() / "schema" / f"{name}.json").read_text(encoding="utf-8")
    assert kept == text_of(schemas()[name]), "write them anew: python -m bot.playbooks.schema"


def test_writing_schemas_anew_makes_one_for_each_kind_of_file(tmp_path: Path) -> None:
    written = write(tmp_path / "schema")
    assert {it.stem for it in written} == {it.name for it in SECTIONS}
    for path in written:
        jsonschema.Draft202012Validator.check_schema(json.loads(path.read_text(encoding="utf-8")))


def test_schemas_accept_what_ships_and_refuse_what_is_broken() -> None:
    check = jsonschema.Draft202012Validator(schemas()["situation"])
    for path in SITUATIONS.files(shipped_playbooks()):
        assert not list(check.iter_errors(as_json(path.read_text(encoding="utf-8")))), path.name
    for name in ("unknown_role", "unknown_key", "missing_field", "too_long", "colon_in_text", "bad_id"):
        broken = (ROOT / "tests" / "playbooks" / "broken" / f"{name}.yaml").read_text(encoding="utf-8")
        assert list(check.iter_errors(as_json(broken))), name
    assert not list(check.iter_errors({"id": "refund_problem", "extends": True, "title": "Slow refund"}))
    assert list(check.iter_errors({"id": "refund_problem", "title": "Slow refund"}))


def as_json(text: str) -> object:
    return json.loads(json.dumps(yaml.load(text, yaml.CSafeLoader), default=str))


def test_the_examples_of_the_authors_page_work_as_they_stand(tmp_path: Path) -> None:
    whole, extension = EXAMPLES
    (tmp_path / "situations").mkdir()
    (tmp_path / "situations" / "late_technician.yaml").write_text(whole)
    (tmp_path / "situations" / "refund_problem.yaml").write_text(extension)
    loaded = load([shipped_playbooks(), tmp_path])
    assert not [it for it in loaded.findings if it.path.is_relative_to(tmp_path)]
    assert "late_technician" in loaded.library.situations
    assert loaded.library.situations["refund_problem"].owner == "Refunds Team"


def test_the_authors_page_names_every_field_and_technique() -> None:
    fields = {
        field.alias or name for model in (Situation, Phrase) for name, field in model.model_fields.items()
    }
    assert fields <= set(re.findall(r"`(\w+)`", README))
    listed = re.search(r"<!-- techniques -->(.*?)<!-- /techniques -->", README, re.DOTALL)
    assert listed
    assert [it.strip() for it in listed[1].split(",")] == [it.value for it in Technique]


def test_what_did_not_come_along_is_named() -> None:
    with pytest.raises(FileNotFoundError, match=r"nothing\.yml did not come with this installation"):
        shipped("nothing.yml")


def test_an_installed_wheel_finds_its_playbooks_and_manifest(tmp_path: Path) -> None:
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as content:
        content.extractall(tmp_path / "site")
    told = subprocess.run(
        [sys.executable, "-c", _TELL],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
        capture_output=True,
        text=True,
        check=True,
    )
    playbooks, manifest, tone_cue = told.stdout.splitlines()
    assert Path(playbooks) == tmp_path / "site" / "bot" / "_shipped" / "playbooks"
    assert Path(manifest) == tmp_path / "site" / "bot" / "_shipped" / "manifest.yml"
    assert tone_cue == load([ROOT / "playbooks"]).library.situations["refund_problem"].tone_cue


_TELL = """
from bot.playbooks.loading import load, shipped_playbooks
from bot.shipped import shipped
print(shipped_playbooks())
print(shipped("manifest.yml"))
print(load([shipped_playbooks()]).library.situations["refund_problem"].tone_cue)
"""
