"""The figures of the finder must not fall; the floors stand a little under what was measured."""

from pathlib import Path

import pytest
import yaml

from bot.phrasing.finder import CRISIS, Finder
from bot.phrasing.lexicon import load_lexicon
from bot.phrasing.memory import Memory
from bot.phrasing.safety import SafetyRule, load_safety
from bot.playbooks.library import Library
from bot.playbooks.loading import shipped_playbooks
from tests.benchmarks.finder import EVALUATION, VOICES, Result, lines, measure, ours, signals_of, texts

pytestmark = pytest.mark.skipif(not EVALUATION.is_dir(), reason="the evaluation lines are not here")


@pytest.fixture(scope="module")
def result(finder: Finder) -> Result:
    return measure(ours(finder), build=0)


@pytest.fixture(scope="module")
def colleagues(memory: Memory) -> SafetyRule:
    folders = (shipped_playbooks(),)
    return SafetyRule(load_safety(folders, "colleagues"), load_lexicon(folders), memory)


FLOORS = {  # strict at 1, strict at 3, lenient at 1, lenient at 3
    "desk_shorthand": (0.84, 0.96, 0.93, 0.98),
    "agent_sentences": (0.80, 0.94, 0.88, 0.97),
    "customer_spoken": (0.69, 0.89, 0.75, 0.93),
    "customer_written": (0.71, 0.91, 0.80, 0.96),
    "third_person": (0.73, 0.93, 0.81, 0.97),
}


@pytest.mark.parametrize("voice", VOICES)
def test_every_voice_is_understood_as_well_as_before(result: Result, voice: str) -> None:
    shares = result.by_voice[voice].shares
    assert all(share >= floor for share, floor in zip(shares, FLOORS[voice], strict=True)), shares


def test_a_line_that_fits_nothing_is_told_from_one_that_does(result: Result) -> None:
    assert result.auroc >= 0.95


def test_somebody_at_risk_is_put_first_or_offered(finder: Finder) -> None:
    at_risk = [finder.find(it.text).matches for it in lines() if it.ids[0] == CRISIS]
    assert sum(it[0].situation == CRISIS for it in at_risk) >= 0.92 * len(at_risk)
    assert sum(CRISIS in (it[0].situation, it[1].situation) for it in at_risk) >= 0.95 * len(at_risk)


def test_grief_illness_and_need_come_first(finder: Finder) -> None:
    in_need = [finder.find(it.text).matches for it in lines() if it.ids[0] == "vulnerable_hardship"]
    assert sum(it[0].situation == "vulnerable_hardship" for it in in_need) >= 0.85 * len(in_need)


def test_idioms_raise_no_alarm(finder: Finder) -> None:
    quiet = texts("crisis_quiet")
    assert sum(finder.find(it).safety for it in quiet) <= 0.0125 * len(quiet)


def test_other_situations_hardly_ever_raise_an_alarm(finder: Finder) -> None:
    """Threats to staff are left out: whether one is a danger is what the set's authors disagree on.

    A quarter of those that do are products that hurt somebody, which an agent may well look at twice.
    """
    others = [it.text for it in lines() if not {CRISIS, "threat_to_staff"} & {*it.ids, *it.also}]
    assert sum(finder.find(it).safety for it in others) <= 0.022 * len(others)


def test_talk_of_danger_that_is_mostly_oblique_is_heard(finder: Finder) -> None:
    talk = texts("crisis_talk")
    assert sum(finder.find(it).safety for it in talk) >= 0.88 * len(talk)


def test_danger_in_wordings_that_nobody_tuned_on_is_heard_or_offered(finder: Finder) -> None:
    talk, quiet = texts("fresh_crisis_talk"), texts("fresh_crisis_quiet")
    found = [finder.find(it) for it in talk]
    assert sum(it.safety for it in found) >= 0.74 * len(talk)
    assert sum(CRISIS in [match.situation for match in it.matches[:2]] for it in found) >= 0.82 * len(talk)
    assert sum(finder.find(it).safety for it in quiet) <= 0.02 * len(quiet)


def test_an_agents_own_words_are_told_from_talk_about_the_work(colleagues: SafetyRule) -> None:
    talk, quiet = texts("staff_crisis_talk"), texts("staff_crisis_quiet")
    assert sum(map(colleagues.fires, talk)) >= 0.83 * len(talk)
    assert sum(map(colleagues.fires, quiet)) <= 0.02 * len(quiet)
    fresh, harmless = texts("fresh_staff_crisis_talk"), texts("fresh_staff_crisis_quiet")
    assert sum(map(colleagues.fires, fresh)) >= 0.75 * len(fresh)
    assert sum(map(colleagues.fires, harmless)) <= 0.05 * len(harmless)


PLAIN = """
I want to die. / I just want to die / i really want to die / i wanna die / kms tonight / I wish I was dead
I want to kill myself / I'm going to kill myself / I tried to kill myself last night / i want to hang myself
I'm thinking of ending my life / I have a plan to end my life / I want to end it all tonight
I want it all to end / I've been thinking about suicide / I'm suicidal / I feel suicidal
I have thoughts of harming myself / I've been cutting myself / I'm going to hurt myself / I took all my pills
I overdosed this morning / I don't want to live / I don't want to be here anymore / no reason to live
I don't want to wake up tomorrow / there's no point in living / I've had enough of living
I'd be better off dead / I don't feel safe with myself / thinking of jumping in front of a train
my husband hits me / I am scared to go home because of him
"""


@pytest.mark.parametrize(
    "text", [it.strip() for row in PLAIN.split("\n") for it in row.split("/") if it.strip()]
)
def test_plain_words_are_heard_from_customers_and_from_agents(
    finder: Finder, colleagues: SafetyRule, text: str
) -> None:
    """However much the sense learns of figures of speech; nobody has to put it well to be heard."""
    assert finder.find(text).safety
    assert colleagues.fires(text)


def test_the_second_set_of_talk_of_danger_is_heard_where_nobody_tuned_on_it(finder: Finder) -> None:
    held = {name: several[1::2] for name, several in _second_look().items()}
    assert sum(finder.find(it).safety for it in held["danger"]) >= 0.91 * len(held["danger"])
    assert sum(finder.find(it).safety for it in held["quiet"]) <= 2


def test_the_second_set_of_an_agents_own_words_is_told_apart_where_nobody_tuned_on_it(
    colleagues: SafetyRule,
) -> None:
    held = {name: several[1::2] for name, several in _second_look().items()}
    assert sum(map(colleagues.fires, held["colleague_danger"])) >= 0.85 * len(held["colleague_danger"])
    assert sum(map(colleagues.fires, held["colleague_quiet"])) <= 1


def test_no_line_of_the_second_set_is_a_wording() -> None:
    words = load_safety((shipped_playbooks(),), "customers")
    learned = {
        _bare(it) for it in (*words.danger, *words.harmless, *words.danger_lines, *words.harmless_lines)
    }
    assert [it for several in _second_look().values() for it in several if _bare(it) in learned] == []


def _second_look() -> dict[str, list[str]]:
    read: dict[str, list[str]] = yaml.safe_load(
        Path(__file__).with_name("danger_check.yaml").read_text("utf-8")
    )
    return read


def test_no_evaluation_line_is_a_signal(library: Library) -> None:
    """A line that has been learned measures memory, whatever its case, spaces and full stops."""
    lexicon = load_lexicon((shipped_playbooks(),))
    learned_by_rules = [
        it
        for name in ("customers", "colleagues")
        for words in [load_safety((shipped_playbooks(),), name)]
        for it in (*words.danger_lines, *words.harmless_lines)
    ]
    learned = {_bare(it) for several in signals_of(library).values() for it in several}
    learned |= {_bare(it) for it in (*lexicon.nothing, *learned_by_rules)}
    measured = [it.text for it in lines()] + [
        it
        for name in ("crisis_talk", "crisis_quiet")
        for place in ("", "staff_", "fresh_", "fresh_staff_")
        for it in texts(place + name)
    ]
    shared = [it for it in measured if _bare(it) in learned and len(_bare(it)) > 12]
    assert shared == []


def _bare(line: str) -> str:
    return "".join(c for c in line.lower() if c.isalnum())
