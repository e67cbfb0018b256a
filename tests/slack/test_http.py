"""What reaches us over HTTP: refused or answered politely, never a 500, nothing of it in the log."""

import io
import json
import logging
import time
from urllib.parse import urlencode

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.signature import SignatureVerifier

from bot.slack.app import build_app, quieten_loggers
from bot.slack.http import BODY_MOST, build_web
from bot.slack.ids import Action, Command, View
from bot.slack.listening import OLD_BUTTON, Listening
from bot.slack.replies import Notice
from bot.slack.response_urls import ResponseUrls
from bot.slack.tasks import Tasks

SECRET = "a-signing-secret"
WORDS = "he said unmentionable-words-42"


class NobodySlack:
    """Knows who the bot is and has no client: nothing in these tests may call Slack."""

    def of(self, workspace):
        raise KeyError(workspace)

    async def authorize(self):
        return AuthorizeResult(
            enterprise_id=None, team_id="T1", bot_user_id="U0", bot_id="B0", bot_token="xoxb-1"
        )


class Answers:
    """A pretend response_url."""

    def __init__(self):
        self.got = []

    async def take(self, request):
        self.got.append(await request.json())
        return web.Response(text="ok")


@pytest.fixture
async def answers():
    taken = Answers()
    application = web.Application()
    application.router.add_post("/answer", taken.take)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    taken.url = f"http://127.0.0.1:{runner.addresses[0][1]}/answer"
    yield taken
    await runner.cleanup()


@pytest.fixture
async def slack(answers):
    """Our own HTTP server with one command that works, one that breaks, and a catch-all."""
    quieten_loggers()
    async with aiohttp.ClientSession() as session:
        app = build_app(NobodySlack(), SECRET)
        tasks = Tasks()
        listening = Listening(app, NobodySlack(), tasks, ResponseUrls(session))

        async def answer(command):
            if command.text == "break":
                raise RuntimeError(WORDS)
            return Notice(f"you said {command.text}")

        async def refuse(submission):
            raise RuntimeError(WORDS)

        listening.command(Command.DEESCALATE, answer)
        listening.submission(View.PICKER, refuse)
        listening.catch_the_rest()

        async def ready():
            return True

        runner = web.AppRunner(build_web(app, ready, lambda: True))
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield Slack(session, runner.addresses[0][1], tasks)
        await tasks.drain(2)
        await runner.cleanup()


class Slack:
    """Sends what Slack sends, signed as Slack signs."""

    def __init__(self, session, port, tasks):
        self.session, self.tasks = session, tasks
        self.root = f"http://127.0.0.1:{port}"

    async def post(self, body, *, stamp=None, signature=None, kind="application/x-www-form-urlencoded"):
        stamp = stamp if stamp is not None else str(int(time.time()))
        text = body if isinstance(body, str) else ""
        made = (
            SignatureVerifier(SECRET).generate_signature(timestamp=stamp, body=text)
            if stamp.isdecimal()
            else ""
        )
        headers = {
            "Content-Type": kind,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": signature if signature is not None else made,
        }
        async with self.session.post(f"{self.root}/slack/events", data=body, headers=headers) as response:
            return response.status, await response.text()

    async def command(self, text, name="/deescalate"):
        return await self.post(
            urlencode({"command": name, "text": text, "team_id": "T1", "user_id": "U1", "channel_id": "C1"})
        )

    async def payload(self, payload):
        base = {"team": {"id": "T1"}, "user": {"id": "U1"}, "trigger_id": "1.1.1"}
        return await self.post(urlencode({"payload": json.dumps(base | payload)}))


async def test_a_command_is_answered_in_its_ack_and_only_to_the_one_who_asked(slack):
    status, text = await slack.command("late refund")
    answer = json.loads(text)
    assert status == 200
    assert answer["response_type"] == "ephemeral"
    assert answer["text"] == "you said late refund"


@pytest.mark.parametrize(
    ("stamp", "signature"),
    [
        (None, "v0=deadbeef"),
        (None, ""),
        ("yesterday", "v0=deadbeef"),
        ("", "v0=deadbeef"),
        ("-1", "v0=deadbeef"),
        ("1e9", "v0=deadbeef"),
    ],
)
async def test_what_slack_did_not_sign_just_now_is_refused(slack, stamp, signature):
    body = urlencode({"command": "/deescalate", "text": WORDS, "team_id": "T1", "user_id": "U1"})
    status, _ = await slack.post(body, stamp=stamp, signature=signature)
    assert status == 401


@pytest.mark.parametrize("hours", [-1, 1])
async def test_what_slack_signed_at_another_hour_is_refused(slack, hours):
    body = urlencode({"command": "/deescalate", "text": WORDS, "team_id": "T1", "user_id": "U1"})
    status, _ = await slack.post(body, stamp=str(int(time.time()) + hours * 3600))
    assert status == 401


@pytest.mark.parametrize(
    "body",
    [
        "",
        "garbage",
        "payload=",
        "payload=%7Bbroken",
        "payload=%5B%5D",
        "payload=null",
        "{",
        "[]",
        "null",
        "a=%FF",
        "command=",
    ],
)
async def test_a_signed_body_that_makes_no_sense_is_no_500(slack, body):
    status, _ = await slack.post(body)
    assert status < 500


async def test_bytes_that_are_no_text_are_refused(slack):
    status, _ = await slack.post(b"\xff\xfe\x00garbage")
    assert status in (400, 401)


async def test_a_body_beyond_what_slack_sends_is_refused(slack):
    status, _ = await slack.post(io.BytesIO(b"x" * (BODY_MOST + 1)), signature="v0=0")
    assert status == 413


async def test_an_error_in_a_listener_is_a_kind_sentence_with_a_reference(slack, caplog):
    status, text = await slack.command("break")
    assert status == 200
    assert "reference" in json.loads(text)["text"]
    assert WORDS not in text
    assert WORDS not in caplog.text
    assert "RuntimeError" in caplog.text


async def test_an_error_in_a_submission_keeps_the_form(slack):
    status, text = await slack.payload(
        {
            "type": "view_submission",
            "view": {
                "id": "V1",
                "type": "modal",
                "callback_id": str(View.PICKER),
                "state": {"values": {"block-1": {str(Action.PICK_CHANNEL): {"type": "radio_buttons"}}}},
            },
        }
    )
    answer = json.loads(text)
    assert status == 200
    assert answer["response_action"] == "errors"
    assert list(answer["errors"]) == ["block-1"]


async def test_a_button_of_an_older_release_gets_a_polite_answer(slack, answers):
    status, _ = await slack.payload(
        {
            "type": "block_actions",
            "actions": [{"action_id": "long.gone", "type": "button", "value": "x"}],
            "response_url": answers.url,
            "container": {"type": "message", "is_ephemeral": True},
        }
    )
    await slack.tasks.drain(2)
    assert status == 200
    assert [a["text"] for a in answers.got] == [OLD_BUTTON]


@pytest.mark.parametrize(
    "payload",
    [
        {
            "type": "view_submission",
            "view": {"id": "V1", "type": "modal", "callback_id": "long.gone", "state": {}},
        },
        {"type": "view_closed", "view": {"id": "V1", "type": "modal", "callback_id": "long.gone"}},
        {"type": "shortcut", "callback_id": "long.gone"},
        {"type": "message_action", "callback_id": "long.gone", "message": {}, "channel": {"id": "C1"}},
        {"type": "block_suggestion", "action_id": "long.gone", "block_id": "b", "value": "x"},
    ],
)
async def test_what_nobody_hears_is_acknowledged(slack, payload):
    status, _ = await slack.payload(payload)
    assert status == 200


async def test_an_unknown_command_says_where_help_is(slack):
    status, text = await slack.command("", name="/unheard")
    assert status == 200
    assert "/deescalate help" in text


async def test_neither_words_nor_people_reach_the_log(slack, caplog):
    caplog.set_level(logging.INFO)
    await slack.command(WORDS)
    await slack.post(
        urlencode({"command": "/deescalate", "text": WORDS, "user_id": "U0SECRET", "team_id": "T1"}),
        signature="v0=0",
    )
    await slack.payload({"type": "shortcut", "callback_id": WORDS, "user": {"id": "U0SECRET"}})
    assert WORDS not in caplog.text
    assert "U0SECRET" not in caplog.text


async def test_the_load_balancer_is_told_the_truth(slack):
    async with slack.session.get(f"{slack.root}/healthz") as alive:
        assert (await alive.json())["alive"] is True
    async with slack.session.get(f"{slack.root}/readyz") as ready:
        assert ready.status == 200


async def test_someone_else_s_client_id_in_the_environment_does_not_hijack_the_app(monkeypatch):
    monkeypatch.setenv("SLACK_CLIENT_ID", "1.2")
    monkeypatch.setenv("SLACK_CLIENT_SECRET", "secret")
    app = build_app(NobodySlack(), SECRET)
    body = urlencode({"command": "/deescalate", "text": "x", "team_id": "T1", "user_id": "U1"})
    stamp = str(int(time.time()))

    @app.command("/deescalate")
    async def hear(ack, context):
        await ack(context.bot_token)

    from slack_bolt.request.async_request import AsyncBoltRequest

    signature = SignatureVerifier(SECRET).generate_signature(timestamp=stamp, body=body)
    request = AsyncBoltRequest(
        body=body, headers={"x-slack-request-timestamp": [stamp], "x-slack-signature": [signature]}
    )
    assert (await app.async_dispatch(request)).body == "xoxb-1"
