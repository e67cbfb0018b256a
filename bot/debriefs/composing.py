"""What debriefs say by schedule: each message written from what is true when it is sent, each sent once."""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Mapping

from slack_sdk.errors import SlackApiError

from bot.debriefs import jobs, lessons, store, talk_views, threads
from bot.debriefs.model import Debrief, Step
from bot.debriefs.service import Means
from bot.people import Member
from bot.playbooks.library import Library
from bot.scheduler import outbox, posted
from bot.scheduler.composing import Composer, Errand, Withhold
from bot.scheduler.model import Job
from bot.slack.blocks import Message
from bot.slack.clients import Clients
from bot.slack.cover import cover_message
from bot.slack.errors import error_name
from bot.storage.database import Transaction

GONE = "debrief_gone"
PASSED = "prompt_passed"
BETWEEN_S = 1.25
"""Seconds between two deletions; chat.delete takes about fifty a minute (Slack's tier 3)."""

AT_ONCE = 20
"""Deletions in a burst, which Slack allows now and then."""

Compose = Callable[[Job], Awaitable[Message | Withhold]]
Sent = Callable[[Transaction, Job, str, str], None]
Unsent = Callable[[Transaction, Job, str], None]


class Spoken:
    """One kind of message: how it is written, and what follows."""

    def __init__(
        self, compose: Compose, on_sent: Sent | None = None, on_withheld: Unsent | None = None
    ) -> None:
        self._compose = compose
        self._on_sent = on_sent
        self._on_withheld = on_withheld

    async def compose(self, job: Job) -> Message | Withhold:
        """Write it."""
        return await self._compose(job)

    def on_sent(self, tx: Transaction, job: Job, channel: str, ts: str) -> None:
        """Follow up."""
        if self._on_sent:
            self._on_sent(tx, job, channel, ts)

    def on_withheld(self, tx: Transaction, job: Job, reason: str) -> None:
        """Follow up on one that never went out."""
        if self._on_withheld:
            self._on_withheld(tx, job, reason)


class Composing:
    """Writes every message of a debrief."""

    def __init__(self, means: Means, clients: Clients, library: Callable[[], Library]) -> None:
        self._means = means
        self._clients = clients
        self._library = library

    def handlers(self) -> Mapping[str, Composer | Errand]:
        """Who sees to which kind of job."""
        return {
            "debriefs.root": Spoken(self.root, self.root_sent, self.root_failed),
            "debriefs.prompt": Spoken(self.prompt, self.placed),
            "debriefs.reply": Spoken(self.reply, self.reply_sent, self.reply_failed),
            "debriefs.closed": Spoken(self.closed, self.placed),
            "debriefs.stopped": Spoken(self.stopped),
            "debriefs.cover": Spoken(self.cover),
            "debriefs.asked": Spoken(self.asked),
            "debriefs.due": Spoken(self.due),
            "debriefs.tidy": Tidying(self._means),
            "debriefs.lift": Lifting(self._means, self._clients),
        }

    async def root(self, job: Job) -> Message | Withhold:
        """The message a debrief hangs on."""
        return await self.root_now(job.workspace, str(job.payload["debrief"]))

    async def root_now(self, workspace: str, debrief_id: str) -> Message | Withhold:
        """The same as it should stand at this moment."""

        def look(tx: Transaction) -> Message | None:
            debrief = threads.get(tx, workspace, debrief_id)
            entry = store.get(tx, workspace, debrief_id)
            if debrief is None or entry is None:
                return None
            return talk_views.root_message(self._library(), entry, debrief, threads.me_toos(tx, debrief))

        return await self._means.database.read(look) or Withhold(GONE)

    def root_sent(self, tx: Transaction, job: Job, channel: str, ts: str) -> None:
        """Ask the first question, below it."""
        debrief = threads.get(tx, job.workspace, str(job.payload["debrief"]))
        self.placed(tx, job, channel, ts)
        if debrief is None:
            return
        threads.posted(tx, debrief, channel, ts)
        if debrief := threads.get(tx, job.workspace, debrief.id):
            outbox.add(tx, jobs.prompt(debrief, Step.FACTS, job.due_at))
            outbox.add(tx, jobs.tidy(debrief, debrief.silent_at))

    def root_failed(self, tx: Transaction, job: Job, reason: str) -> None:
        """It never came into being: let the author know, and begin another."""
        debrief = threads.get(tx, job.workspace, str(job.payload["debrief"]))
        if debrief is None:
            return
        threads.forget(tx, job.workspace, debrief.id)
        outbox.forget(tx, job.workspace, job.kind, job.key)
        if debrief.scope.channel:
            self._means.teams.report_channel(tx, job.workspace, debrief.scope.channel, reason)
            author, payload = debrief.scope.author.id, {"trouble": reason}
            key = f"{debrief.id}:{int(job.due_at.timestamp())}"
            outbox.add(
                tx, jobs.message(debrief, "stopped", key, job.due_at, recipient=author, payload=payload)
            )

    async def prompt(self, job: Job) -> Message | Withhold:
        """One question, unless the debrief is past it."""
        step = Step(str(job.payload["step"]))
        debrief = await self._debrief(job)
        if debrief is None or not debrief.is_open:
            return Withhold(GONE)
        if debrief.step is not step:
            return Withhold(PASSED)
        return talk_views.prompt_message(self._library().prompts[step], debrief, is_current=True)

    async def prompt_now(self, workspace: str, debrief_id: str, step: Step) -> Message | Withhold:
        """A question as it should stand at this moment: without a way past it once the debrief went on."""
        debrief = await self._means.database.read(lambda tx: threads.get(tx, workspace, debrief_id))
        if debrief is None:
            return Withhold(GONE)
        return talk_views.prompt_message(
            self._library().prompts[step], debrief, is_current=debrief.step is step
        )

    async def reply(self, job: Job) -> Message | Withhold:
        """What somebody answered by button."""
        key = str(job.payload["reply"])
        debrief = await self._debrief(job)
        said = await self._means.database.read(
            lambda tx: threads.reply(tx, job.workspace, str(job.payload["debrief"]), key)
        )
        if debrief is None or said is None or said.is_gone or said.is_private or said.step is None:
            return Withhold(GONE)
        return talk_views.reply_message(self._library().prompts[said.step], debrief, said)

    def reply_sent(self, tx: Transaction, job: Job, channel: str, ts: str) -> None:
        """Go on to the next question, below the answer."""
        self.placed(tx, job, channel, ts)
        self._ask_next(tx, job)

    def reply_failed(self, tx: Transaction, job: Job, reason: str) -> None:  # noqa: ARG002  # any is the same
        """Go on all the same."""
        self._ask_next(tx, job)

    async def closed(self, job: Job) -> Message | Withhold:
        """The end: the summary, and what comes of it."""
        debrief_id = str(job.payload["debrief"])

        def look(tx: Transaction) -> Message | None:
            debrief = threads.get(tx, job.workspace, debrief_id)
            if debrief is None:
                return None
            lesson = lessons.get(tx, job.workspace, debrief_id)
            action = lessons.asked(tx, job.workspace, debrief_id)
            return talk_views.closed_message(debrief, lesson.body if lesson else "", action)

        return await self._means.database.read(look) or Withhold(GONE)

    async def stopped(self, job: Job) -> Message | Withhold:
        """Why a debrief was not opened."""
        return talk_views.stopped_message(str(job.payload["trouble"]))

    async def cover(self, job: Job) -> Message | Withhold:
        """What a lead is told: how long, which code, nothing else."""
        return cover_message(job.about or "", int(job.payload["minutes"]), str(job.payload["code"]))

    async def asked(self, job: Job) -> Message | Withhold:
        """What is asked of the owner of a cause."""
        return await self._asked(job, is_due=False)

    async def due(self, job: Job) -> Message | Withhold:
        """The one reminder."""
        return await self._asked(job, is_due=True)

    def placed(self, tx: Transaction, job: Job, channel: str, ts: str) -> None:
        """Remember where it is, so that it can be taken out of Slack."""
        step = job.payload.get("step")
        kind = job.kind.rpartition(".")[2] + (f":{step}" if step else "")
        debrief_id = str(job.payload["debrief"])
        threads.placed(tx, job.workspace, debrief_id, kind, channel, ts)
        if threads.get(tx, job.workspace, debrief_id) is None:
            # Deleted while this was on its way.
            jobs.lift_later(
                tx, Member(job.workspace, job.about or ""), debrief_id, job.due_at, f"{debrief_id}:{ts}"
            )

    async def _asked(self, job: Job, *, is_due: bool) -> Message | Withhold:
        action = await self._means.database.read(
            lambda tx: lessons.asked(tx, job.workspace, str(job.payload["action"]))
        )
        if action is None or action.is_done:
            return Withhold("already_done" if action else GONE)
        return talk_views.asked_message(self._library(), action, is_due=is_due)

    async def _debrief(self, job: Job) -> Debrief | None:
        return await self._means.database.read(
            lambda tx: threads.get(tx, job.workspace, str(job.payload["debrief"]))
        )

    def _ask_next(self, tx: Transaction, job: Job) -> None:
        step = job.payload.get("then")
        debrief = threads.get(tx, job.workspace, str(job.payload["debrief"]))
        if step and debrief and debrief.is_open:
            outbox.add(tx, jobs.prompt(debrief, Step(str(step)), job.due_at))


class Tidying:
    """Closes a debrief that nobody touched for two weeks: quietly, without a summary or a message."""

    def __init__(self, means: Means) -> None:
        self._means = means

    async def run(self, job: Job) -> None:
        """Close it if it is still as silent as when this was planned."""
        now = self._means.clock.now()

        def close(tx: Transaction) -> None:
            debrief = threads.get(tx, job.workspace, str(job.payload["debrief"]))
            if debrief and debrief.is_open and debrief.silent_at <= now:
                threads.close(tx, debrief, "", now)

        await self._means.database.write(close)

    def on_done(self, tx: Transaction, job: Job) -> None:
        """Look again when it would be silent for two weeks, if somebody said something since."""
        debrief = threads.get(tx, job.workspace, str(job.payload["debrief"]))
        if debrief and debrief.is_open:
            outbox.add(tx, jobs.tidy(debrief, max(debrief.silent_at, job.due_at + dt.timedelta(hours=1))))

    def on_withheld(self, tx: Transaction, job: Job, reason: str) -> None:  # noqa: ARG002  # any is the same
        """Look again all the same."""
        self.on_done(tx, job)


class Lifting:
    """Takes the bot's messages of a deleted debrief out of Slack; run again, it goes on where it was."""

    def __init__(self, means: Means, clients: Clients, *, between_s: float = BETWEEN_S) -> None:
        self._means = means
        self._clients = clients
        self._between_s = between_s

    async def run(self, job: Job) -> None:
        """Delete the replies first, then what they hang on."""
        found = await self._means.database.read(
            lambda tx: threads.messages(tx, job.workspace, str(job.payload["debrief"]))
        )
        for at, row in enumerate(reversed(found)):
            await asyncio.sleep(self._between_s if at >= AT_ONCE else 0)
            reason = await self._delete(job.workspace, row["channel_id"], row["ts"])
            await self._means.database.write(
                lambda tx, row=row, reason=reason: _lifted(tx, job, row["channel_id"], row["ts"], reason)  # type: ignore[misc]
            )

    def on_done(self, tx: Transaction, job: Job) -> None:
        """Nothing follows; what Slack refused is listed in the privacy centre."""

    def on_withheld(self, tx: Transaction, job: Job, reason: str) -> None:
        """Retention takes out what is left, at its age."""

    async def _delete(self, workspace: str, channel: str, ts: str) -> str:
        try:
            await self._clients.of(workspace).chat_delete(channel=channel, ts=ts)
        except SlackApiError as error:
            name = error_name(error)
            if name == "ratelimited":
                raise
            return "" if name == "message_not_found" else name
        return ""


def _lifted(tx: Transaction, job: Job, channel: str, ts: str, reason: str) -> None:
    message = posted.Posted(job.workspace, channel, ts, job.kind, channel, job.due_at)
    threads.lift(tx, job.workspace, channel, ts)
    if reason:
        posted.give_up(tx, message, reason)
    else:
        posted.forget(tx, message)
