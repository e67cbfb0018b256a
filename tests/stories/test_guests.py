"""Toni is a guest from a staffing agency: what is there for her, and kind words where something is not."""

import pytest

from tests.stories.turns import all_known, home_with

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def toni(workspace):
    return workspace.person("toni")


async def test_toni_gets_words_and_resets_like_everybody(workspace, toni):
    await all_known(workspace)
    await toni.slash("/deescalate late refund 3rd call screaming")
    await toni.sees_ephemeral("Late refund")
    await toni.slash("/checkin reset")
    await toni.sees_ephemeral("How long have you got?")


async def test_what_toni_logs_is_hers_and_nothing_is_offered_that_she_could_not_use(toni):
    await toni.slash("/debrief")
    form = await toni.sees_modal("Only you see this in Steady")
    await form.click("More")
    form = await form.becomes("How did it end?")
    assert "I promised" not in form.words
    await form.choose("What was it about?", "Refund missing, late or refused")
    await form.choose("How hard was it on you?", "Very hard")
    await form.submit()
    kept = await toni.sees_modal("Kept. Thank you")
    assert "Talk it through" not in kept.words
    assert "Ask a peer" not in kept.words
    await kept.click("See it again")
    entry = await toni.sees_modal("Refund missing, late or refused")
    await entry.click("Talk it through")
    refused = await toni.sees_modal("Steady holds no debriefs with Slack guests")
    assert "What you logged is kept for you" in refused.words
    await refused.close(everything=True)


@pytest.mark.parametrize(
    ("button", "words"),
    [
        ("Weekly question", "Steady doesn't write to Slack guests"),
        ("Ask a peer", "Peer support goes by messages"),
        ("Listen to peers", "Peer support goes by messages"),
        ("Not with …", "Peer support goes by messages"),
        ("New promise", "Ask a colleague to note this promise"),
    ],
)
async def test_toni_is_told_before_she_fills_in_a_form_in_vain(toni, button, words):
    home = await home_with(toni, "Promises")
    await home.click(button)
    told = await toni.sees_modal(words)
    assert "Submit" not in told.words
    await told.close(everything=True)


async def test_commands_say_the_same(toni):
    await toni.slash("/checkin")
    told = await toni.sees_modal("Steady doesn't write to Slack guests")
    await told.close()
    await toni.slash("/debrief promise")
    await toni.sees("Ask a colleague to note this promise")
