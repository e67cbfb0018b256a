"""What a loaded set offers, and how a company's folder lies over the shipped one."""

from pathlib import Path

import pytest

from bot.playbooks.loading import Loaded, load
from bot.playbooks.model import Kind, Technique

GOOD = (Path(__file__).parent / "good" / "late_technician.yaml").read_text()


def write(root: Path, name: str, text: str) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    """A shipped set of one situation."""
    write(tmp_path / "shipped", "situations/late_technician.yaml", GOOD)
    return tmp_path / "shipped"


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    (tmp_path / "company").mkdir()
    return tmp_path / "company"


def extension(text: str) -> str:
    return f"id: late_technician\nextends: true\n{text}"


def clean(loaded: Loaded) -> Loaded:
    assert not loaded.findings, "\n".join(map(str, loaded.findings))
    return loaded


def test_a_new_id_adds_a_situation_beside_ours(ours: Path, theirs: Path) -> None:
    write(theirs, "situations/lost_luggage.yaml", GOOD.replace("id: late_technician", "id: lost_luggage"))
    library = clean(load([ours, theirs])).library
    assert set(library.situations) == {"late_technician", "lost_luggage"}
    assert library.situation("lost_luggage") is not None
    assert library.situation("gone") is None


def test_a_file_with_our_id_takes_our_place_whole(ours: Path, theirs: Path) -> None:
    write(theirs, "situations/late_technician.yaml", GOOD.replace("Technician late\n", "Fitter late\n"))
    assert clean(load([ours, theirs])).library.situations["late_technician"].title == "Fitter late"


def test_an_extension_adds_signals_replaces_phrases_by_id_and_overrides_single_texts(
    ours: Path, theirs: Path
) -> None:
    write(
        theirs,
        "situations/late_technician.yaml",
        extension(
            "tone_cue: Warm and slow.\n"
            "signals:\n  shorthand: [sparky awol]\n"
            "phrases:\n"
            "  - {id: whole_day, role: acknowledge, spoken: 'A whole day gone.', "
            "why: Their words for it., technique: [validate]}\n"
            "  - {id: van_map, role: offer, spoken: 'I can send you the van on a map.', "
            "why: Seeing it move calms., technique: [options]}\n"
            "questions: [Which number may he ring?]\n"
            "escalate:\n  to: [Depot]\n"
        ),
    )
    plain = load([ours]).library.situations["late_technician"]
    own = clean(load([ours, theirs])).library.situations["late_technician"]
    assert own.tone_cue == "Warm and slow."
    assert own.signals.shorthand == (*plain.signals.shorthand, "sparky awol")
    assert own.signals.full == plain.signals.full
    assert [it.id for it in own.phrases] == ["van_map", "whole_day", "where_is_he", "waited"]
    assert own.phrases[1].spoken == "A whole day gone."
    assert own.questions == ("Which number may he ring?",)
    assert (own.escalate.to, own.escalate.ready) == (("Depot",), plain.escalate.ready)
    assert own.owner == plain.owner


def test_extensions_lie_on_each_other_in_the_order_of_the_folders(ours: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    write(first, "situations/a.yaml", extension("title: First\nsignals:\n  shorthand: [from the first]\n"))
    write(second, "situations/b.yaml", extension("title: Second\n"))
    own = clean(load([ours, first, second])).library.situations["late_technician"]
    assert own.title == "Second"
    assert "from the first" in own.signals.shorthand


def test_a_mistake_in_an_extension_is_told_at_its_own_line_and_ours_stays(ours: Path, theirs: Path) -> None:
    own = write(
        theirs, "situations/late_technician.yaml", extension("signals:\n  shorthand: [x]\nkind: cuase\n")
    )
    loaded = load([ours, theirs])
    assert {(it.path, it.line) for it in loaded.errors} == {(own, 4), (own, 5)}
    assert loaded.library.situations["late_technician"].kind is Kind.CAUSE


def test_a_broken_replacement_leaves_ours_in_use(ours: Path, theirs: Path) -> None:
    write(theirs, "situations/late_technician.yaml", GOOD.replace("kind: cause", "kind: no"))
    loaded = load([ours, theirs])
    assert loaded.errors
    assert loaded.library.situations["late_technician"].title == "Technician late"


def test_a_company_changes_one_step_one_help_line_and_one_safe_line(tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    step = "{{letter: {0}, name: {1}, do: Do {1} well., say: '{1} is said here.', technique: [pause]}}"
    owned = "owner: Us\nreview_by: 2027-01-01\n"
    write(
        ours,
        "frameworks/la.yaml",
        f"id: la\nname: LA\nsummary: Listen and act.\n{owned}steps:\n"
        f"  - {step.format('L', 'Listen')}\n  - {step.format('A', 'Act')}\n",
    )
    write(theirs, "frameworks/la.yaml", f"id: la\nextends: true\nsteps:\n  - {step.format('A', 'Answer')}\n")
    line = "{{name: {0}, method: Call {0}, hours: always, for: anyone, checked_on: 2026-11-01}}"
    write(
        ours,
        "help_lines/ie.yaml",
        f"code: IE\nname: Ireland\nemergency: 112 or 999\n{owned}lines:\n  - {line.format('Samaritans')}\n",
    )
    write(
        theirs,
        "help_lines/ie.yaml",
        f"code: IE\nextends: true\nlines:\n  - {line.format('Our own service')}\n",
    )
    safe = "{{id: {0}, spoken: Take {0} first., why: Fits both., technique: [pause], fits: [cause]}}"
    write(ours, "safe_lines.yaml", f"{owned}lines:\n  - {safe.format('this')}\n  - {safe.format('that')}\n")
    write(theirs, "safe_lines.yaml", f"extends: true\nlines:\n  - {safe.format('that')}\n")
    library = clean(load([ours, theirs])).library
    assert [it.name for it in library.frameworks["la"].steps] == ["Listen", "Answer"]
    assert [it.name for it in library.countries["IE"].lines] == ["Our own service", "Samaritans"]
    assert list(library.safe_lines) == ["this", "that"]


def test_pickers_show_the_usual_ones_in_their_order_then_a_companys_own_by_label(tmp_path: Path) -> None:
    for id_, label in (
        ("zebra", "A zebra"),
        ("yak", "The yak"),
        ("refund_problem", "Zoo"),
        ("billing_dispute", "Yet"),
    ):
        text = GOOD.replace("id: late_technician", f"id: {id_}").replace(
            "label: Technician late or not there in the agreed window", f"label: {label}{label}"
        )
        write(tmp_path, f"situations/{id_}.yaml", text)
    causes = clean(load([tmp_path])).library.by_kind()[Kind.CAUSE]
    assert [it.id for it in causes] == ["billing_dispute", "refund_problem", "zebra", "yak"]


def test_techniques_say_where_they_are_shown_and_which_are_not(ours: Path) -> None:
    techniques = load([ours]).library.techniques()
    assert techniques[Technique.NAME_AND_SPECIFICS] == {"situation/late_technician": 2}
    assert techniques[Technique.INTERPRETER] == {}
    assert set(techniques) == set(Technique)


def test_the_version_changes_with_the_words_and_only_then(ours: Path, theirs: Path) -> None:
    before = load([ours]).library.version
    assert load([ours, theirs]).library.version == before
    write(theirs, "situations/late_technician.yaml", extension("title: Fitter late\n"))
    assert load([ours, theirs]).library.version != before


def test_temporary_files_of_editors_are_not_read(ours: Path) -> None:
    write(ours, "situations/.late_technician.yaml", "half: [")
    write(ours, "situations/..data/late_technician.yaml", GOOD)
    write(ours, "situations/#late#.yaml", "half: [")
    clean(load([ours]))
