"""What phrasing hears from Slack: read, ask the service, draw."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from bot.errors import GoneError, InvalidError
from bot.people import Member
from bot.phrasing import views
from bot.phrasing.card import WRITTEN, Answer, Card, CardAnswer, Choice, Recipe, Style
from bot.phrasing.deciding import picked
from bot.phrasing.service import PhrasingService
from bot.playbooks.model import Channel, Situation, State
from bot.slack import blocks as b
from bot.slack.help_lines import HelpFor, country_for, help_line_blocks
from bot.slack.ids import Action, Command, Shortcut, View
from bot.slack.listening import Listening
from bot.slack.notifier import Notifier
from bot.slack.payloads import Action as Click
from bot.slack.payloads import Command as Slash
from bot.slack.payloads import Shortcut as Used
from bot.slack.payloads import Submission, Surface
from bot.slack.replies import Notice, Open, Redraw, Reply, ShowHome, Update
from bot.slack.text import escape

SENT = "Sent to your messages with Steady."
THANKS = "Thank you. Counted for these words, not against your name."
NO_WORDS = "That message has no words to go by. Type what is happening instead: `/deescalate late refund`."
CARD_NOTE = "phrasing.card"
VOTED_NOTE = "phrasing.voted"
ASKED_NOTE = "phrasing.asked"
SENT_KNOWN_MOST = 1000
"""Cards sent lately, in memory alone: nothing about use is stored."""
MORE_NOTE = "phrasing.more"

Changed = Callable[[Recipe], Recipe]


class PhrasingListeners:
    """Everything a person can do around a card."""

    def __init__(
        self,
        service: PhrasingService,
        notifier: Notifier,
        help_for: HelpFor,
        keep_on_home: Callable[[Member, Mapping[str, str]], None],
    ) -> None:
        self._service = service
        self._notifier = notifier
        self._help_for = help_for
        self._keep_on_home = keep_on_home
        self._sent: OrderedDict[tuple[Member, str], None] = OrderedDict()

    def register(self, slack: Listening) -> None:
        """Say what is heard."""
        slack.command(Command.DEESCALATE, self.answer)
        slack.shortcut(Shortcut.DEESCALATE_MESSAGE, self.answer_about_message)
        slack.submission(View.PICKER, self.pick_in_modal)
        clicks: dict[Action, Callable[[Click], Awaitable[Reply]]] = {
            Action.ANOTHER_WAY: self._changed(Recipe.next_turn),
            Action.SHORTER: self._changed(lambda recipe: replace(recipe, style=Style.SHORTER)),
            Action.FIRMER: self._changed(lambda recipe: replace(recipe, style=Style.FIRMER, turn=0)),
            Action.CHOOSE: self._changed(lambda recipe: recipe),
            Action.MORE: self.show_more,
            Action.NOT_THIS: self.not_this,
            Action.SWITCH_CHANNEL: self.switch_channel,
            Action.SEND_TO_DM: self.send_to_dm,
            Action.MAY_OFFER: self.open_latitude,
            Action.GET_HELP: self.open_help,
            Action.STEPS: self.open_steps,
            Action.STEP: self.turn_step,
            Action.FRAMEWORK: self.change_framework,
            Action.CHOOSE_OTHER: self.show_states,
            Action.STATE: self.tap_state,
            Action.PICK_SITUATION: self.pick,
            Action.PICK_CAUSE: self.pick_cause,
            Action.OPEN_PICKER: self.open_picker,
            Action.ASK: self.ask_on_home,
            Action.ASK_BOX: self.ask_on_home,
            Action.HELPED: self.vote_helped,
            Action.NOT_HELPED: self.vote_not_helped,
        }
        for name, listener in clicks.items():
            slack.action(name, listener)

    async def answer(self, command: Slash) -> Reply:
        """Answer /deescalate with a card in the ack itself."""
        if not command.text:
            return views.states_message(self._service.library)
        if command.text.lower() in {"help", "?"}:
            return views.help_message()
        answer = await self._service.answer(command.member, command.text)
        self._keep(command.member, answer)
        return self._draw_answer(answer)

    async def answer_about_message(self, shortcut: Used) -> Reply:
        """Answer about somebody's message, to the one who asked alone."""
        if not shortcut.message_text:
            return Notice(NO_WORDS)
        answer = await self._service.answer(shortcut.member, shortcut.message_text)
        self._keep(shortcut.member, answer)
        return self._draw_answer(answer)

    async def ask_on_home(self, click: Click) -> Reply:
        """Answer the box on App Home where it stands."""
        text = click.form.text(Action.ASK_BOX)
        if not text:
            return Notice("Type a few words first: what is happening?")
        answer = await self._service.answer(click.member, text)
        if isinstance(answer, CardAnswer):
            return ShowHome(_home_note(answer.recipe) | {ASKED_NOTE: answer.recipe.nonce})
        message = self._draw_answer(answer)
        return Open(b.modal(View.CARD, "Words for this", message.blocks))

    async def show_more(self, click: Click) -> Reply:
        """Show the second row of buttons."""
        recipe = Recipe.decode(click.value)
        return await self._show(click, recipe, expanded=True)

    async def not_this(self, click: Click) -> Reply:
        """Go on to the next likely situation, or to the list when there is none."""
        following = Recipe.decode(click.value).next_situation()
        if following:
            return await self._show(click, following)
        return self._instead(click, views.states_message(self._service.library, "What is it closest to?"))

    async def show_states(self, click: Click) -> Reply:
        """Neither of two: offer the one-tap states and the list."""
        return self._instead(click, views.states_message(self._service.library, "What is it closest to?"))

    async def tap_state(self, click: Click) -> Reply:
        """Make a card of a state alone; the cause is an optional second tap."""
        situation, _, state = click.value.partition("|")
        return await self._pick(click, situation, _states(state), with_cause=True)

    async def pick(self, click: Click) -> Reply:
        """Make a card of a situation chosen from the list."""
        return await self._pick(click, click.value, ())

    async def pick_cause(self, click: Click) -> Reply:
        """Lead with the cause, keeping the state that was tapped first."""
        cause, _, rest = click.value.partition("|")
        before, _, state = rest.partition("|")
        return await self._pick(click, cause, _states(state), beside=(before,))

    async def open_picker(self, click: Click) -> Reply:
        """Open the full choice."""
        channel = await self._service.usual_channel(click.member)
        return Open(views.picker_modal(self._service.library, channel))

    async def pick_in_modal(self, submission: Submission) -> Reply:
        """Turn the full choice into a card in the same modal."""
        form = submission.form
        situation = form.choice(Action.PICK_SITUATION)
        if situation not in self._service.library.situations:
            raise InvalidError("Choose what is happening.", field=Action.PICK_SITUATION)
        states = tuple(s for value in form.choices(Action.PICK_STATES) for s in _states(value))
        channel = _channel(form.choice(Action.PICK_CHANNEL))
        recipe = picked(situation, states, channel)
        await self._service.use_channel(submission.member, channel)
        self._keep_on_home(submission.member, _home_note(recipe))
        return Update(views.card_modal(await self._card(submission.member, recipe), recipe))

    async def switch_channel(self, click: Click) -> Reply:
        """Change between words to say and words to write, and remember it."""
        recipe = Recipe.decode(click.value)
        channel = Channel.VOICE if recipe.channel in WRITTEN else Channel.CHAT
        await self._service.use_channel(click.member, channel)
        return await self._show(click, replace(recipe, channel=channel))

    async def send_to_dm(self, click: Click) -> Reply:
        """Put the card where a reload doesn't take it away."""
        recipe = Recipe.decode(click.value)
        card = await self._card(click.member, recipe)
        if self._is_new(sending := (click.member, click.value)):
            try:
                await self._notifier.tell(click.member, views.card_message(card, recipe, voting=True))
            except BaseException:
                self._sent.pop(sending, None)
                raise
        return Notice(SENT)

    def _is_new(self, sending: tuple[Member, str]) -> bool:
        """Whether this card wasn't sent a moment ago: fingers press twice, and nobody wants two."""
        if sending in self._sent:
            return False
        self._sent[sending] = None
        if len(self._sent) > SENT_KNOWN_MOST:
            self._sent.popitem(last=False)
        return True

    async def open_latitude(self, click: Click) -> Reply:
        """Show what the agent may offer."""
        return Open(views.latitude_modal(self._situation(Recipe.decode(click.value))))

    async def open_help(self, click: Click) -> Reply:
        """Show whom to bring in, and help for the agent."""
        situation = self._situation(Recipe.decode(click.value))
        choice = await self._help_for(click.member)
        country = country_for(self._service.library.countries, choice.country)
        return Open(views.get_help_modal(situation, help_line_blocks(country, choice.company)))

    async def open_steps(self, click: Click) -> Reply:
        """Open the default framework at its first step."""
        return Open(self._step("", 0, click.value))

    async def turn_step(self, click: Click) -> Reply:
        """Go a step on or back."""
        framework, _, rest = click.value.partition("|")
        at, _, value = rest.partition("|")
        return Update(self._step(framework, int(at) if at.isdecimal() else 0, value))

    async def change_framework(self, click: Click) -> Reply:
        """Begin another framework, for the same situation."""
        return Update(self._step(click.value, 0, click.view.metadata if click.view else ""))

    async def vote_helped(self, click: Click) -> Reply:
        """Count that the words helped."""
        return await self._vote(click, helped=True)

    async def vote_not_helped(self, click: Click) -> Reply:
        """Count that they did not."""
        return await self._vote(click, helped=False)

    async def home_section(self, member: Member, notes: Mapping[str, str]) -> list[b.Block]:
        """Draw the box and the card of the day."""
        drawn = [b.header("Words for a hard moment"), *views.box_blocks(notes.get(ASKED_NOTE, ""))]
        if value := notes.get(CARD_NOTE):
            try:
                recipe = Recipe.decode(value)
                card = await self._card(member, recipe)
            except GoneError:
                return drawn
            voted = notes.get(VOTED_NOTE) == recipe.nonce
            opened = notes.get(MORE_NOTE) == recipe.nonce
            drawn += views.card_blocks(card, recipe, expanded=opened, voting=opened and not voted)
            drawn += [b.context(escape(THANKS))] if voted else []
        return drawn

    def _changed(self, change: Changed) -> Callable[[Click], Awaitable[Reply]]:
        async def listener(click: Click) -> Reply:
            return await self._show(click, change(Recipe.decode(click.value)))

        return listener

    async def _pick(
        self,
        click: Click,
        situation: str,
        states: tuple[State, ...],
        *,
        beside: tuple[str, ...] = (),
        with_cause: bool = False,
    ) -> Reply:
        if situation not in self._service.library.situations:
            raise GoneError("That situation is no longer in the playbooks. Type `/deescalate` for the list.")
        channel = await self._service.usual_channel(click.member)
        recipe = picked(situation, states, channel, beside)
        return await self._show(click, recipe, with_cause=with_cause)

    async def _vote(self, click: Click, *, helped: bool) -> Reply:
        recipe = Recipe.decode(click.value)
        await self._service.vote(click.member, recipe, helped=helped)
        if click.surface is Surface.HOME:
            return ShowHome(_home_note(recipe) | {VOTED_NOTE: recipe.nonce})
        message = views.card_message(await self._card(click.member, recipe), recipe)
        return Redraw(b.Message(message.text, [*message.blocks, b.context(escape(THANKS))]))

    async def _show(
        self, click: Click, recipe: Recipe, *, expanded: bool = False, with_cause: bool = False
    ) -> Reply:
        card = await self._card(click.member, recipe)
        if click.surface is Surface.HOME:
            return ShowHome(_home_note(recipe) | ({MORE_NOTE: recipe.nonce} if expanded else {}))
        if click.surface is Surface.MODAL:
            return Update(views.card_modal(card, recipe, expanded=expanded))
        message = views.card_message(card, recipe, expanded=expanded)
        cause = [views.cause_block(self._service.library, recipe)] if with_cause else []
        return Redraw(b.Message(message.text, [*message.blocks, *cause]))

    def _instead(self, click: Click, message: b.Message) -> Reply:
        if click.surface is Surface.MESSAGE:
            return Redraw(message)
        view = b.modal(View.CARD, "Words for this", message.blocks)
        return Update(view) if click.surface is Surface.MODAL else Open(view)

    def _draw_answer(self, answer: Answer) -> b.Message:
        match answer:
            case CardAnswer():
                return views.card_message(answer.card, answer.recipe)
            case Choice():
                return views.choice_message(answer)
        return views.states_message(self._service.library, views.NOTHING)

    def _keep(self, member: Member, answer: Answer) -> None:
        if isinstance(answer, CardAnswer):
            self._keep_on_home(member, _home_note(answer.recipe))

    async def _card(self, member: Member, recipe: Recipe) -> Card:
        return await self._service.card(member, recipe)

    def _situation(self, recipe: Recipe) -> Situation:
        situation = self._service.library.situation(recipe.lead)
        if situation is None:
            raise GoneError("That situation is no longer in the playbooks. Type `/deescalate` for the list.")
        return situation

    def _step(self, framework_id: str, at: int, value: str) -> b.Block:
        library = self._service.library
        known = library.frameworks
        framework = (
            known.get(framework_id) or known.get(views.DEFAULT_FRAMEWORK) or next(iter(known.values()))
        )
        recipe = Recipe.decode(value) if value else None
        situation = library.situation(recipe.lead) if recipe else None
        return views.steps_modal(library, framework, min(at, len(framework.steps) - 1), situation, recipe)


def _home_note(recipe: Recipe) -> dict[str, str]:
    return {CARD_NOTE: recipe.encode()}


def _states(value: str) -> tuple[State, ...]:
    return (State(value),) if value in set(State) else ()


def _channel(value: str) -> Channel:
    return Channel(value) if value in set(Channel) else Channel.VOICE
