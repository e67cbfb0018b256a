"""The one door for messages the bot sends of its own accord."""

from bot.people import Member
from bot.slack.blocks import Message
from bot.slack.clients import Clients


class Notifier:
    """Posts to people and channels; never unfurls, so that a link in a log entry shows no preview."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    async def tell(self, member: Member, message: Message) -> str:
        """Send a direct message; returns its ts. Slack opens the conversation by itself."""
        return await self.post(member.workspace, member.id, message)

    async def post(self, workspace: str, channel: str, message: Message, thread_ts: str | None = None) -> str:
        """Post to a channel or thread; returns the message's ts."""
        _, ts = await self.deliver(workspace, channel, message, thread_ts)
        return ts

    async def deliver(
        self, workspace: str, recipient: str, message: Message, thread_ts: str | None = None
    ) -> tuple[str, str]:
        """Post to a channel or member; returns the conversation (for a member, their DM) and the ts."""
        answer = await self._clients.of(workspace).chat_postMessage(
            channel=recipient,
            text=message.text,
            blocks=list(message.blocks),
            thread_ts=thread_ts,
            unfurl_links=False,
            unfurl_media=False,
        )
        return str(answer["channel"]), str(answer["ts"])

    async def whisper(
        self, member: Member, channel: str, message: Message, thread_ts: str | None = None
    ) -> None:
        """Say something in a channel to one person there; Slack keeps it nowhere."""
        await self._clients.of(member.workspace).chat_postEphemeral(
            channel=channel,
            user=member.id,
            text=message.text,
            blocks=list(message.blocks),
            thread_ts=thread_ts,
        )

    async def amend(self, workspace: str, channel: str, ts: str, message: Message) -> None:
        """Put something else in the place of a message of ours."""
        await self._clients.of(workspace).chat_update(
            channel=channel, ts=ts, text=message.text, blocks=list(message.blocks)
        )
