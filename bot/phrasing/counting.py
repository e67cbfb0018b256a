"""How often a customer has been in touch, when the text says so plainly."""

from collections.abc import Iterator, Sequence

from bot.phrasing.reader import Section
from bot.phrasing.text import Word

_MOST = 99


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_CONTACTS = _set(
    "call calls contact contacts chat chats email emails msg msgs message messages letter letters visit "
    "visits conversation conversations complaint complaints tweet tweets callback callbacks cb cbs "
    "enquiry enquiries"
)
_TICKETS = _set("ticket tickets case cases request requests")
"""What customers open as well as buy: only an opened one is a contact."""
_OPENED = _set("open opened raise raised raising log logged opening closed submitted support")
_ATTEMPTS = _set("attempt attempts try tries")
_TO_REACH = _set("reach contact call ring phone speak chat email get talk")
_KINDS = _set(
    "phone separate different unanswered straight angry long consecutive support engineer technician "
    "service repair open followup such chat email customer"
)
"""What may stand between a number and the contact: "3rd angry call", never "2nd line call"."""
_NAME_GOES_ON = _set(
    "centre center centres centers handler handlers charge charges fee address addresses account box "
    "number numbers details detail name lens lenses out outs person of waiting holding open going at left "
    "a per free included queued template chain limit on"
)
"""Behind the word, where no contact is counted: the e-mail address, calls waiting, 2 visits a year."""
_GOT = _set("got gets get getting received receives receiving missed last juggling handling every")
"""Before a number: these came to the customer, or to whoever is asking."""
_FROM_US = _set("us you we our your")

_AGENTS = _set("agents agent advisors advisor advisers adviser reps rep departments department people person")
_TALKED = _set(
    "told tell telling spoke spoken speaking talked talking explained passed transferred asked chased"
)
_SO_FAR = _set("already now later today")

_REACHING = _set(
    "call called calling ring rang rung ringing phone phoned phoning email emailed emailing contact "
    "contacted contacting chat chatted chase chased chasing chasin write wrote written writing message "
    "messaged messaging ask asked asking speak spoke spoken speaking talk talked talking explain "
    "explained explaining complain complained complaining visit visited callin tell told telling report "
    "reported reporting tried"
)
_OF_US = _set("told tell telling tried")
"""Said of us as well: counted only with whom they told, or whom they tried to reach."""
_DONE_TO = _set("was were been being got get is")
_AS_THING = _set("the same this that a an our your my his her their one every each error text")
"""Before a verb that is none: "the same message 10 times"."""
_LIGHT = _set(
    "us you in back up already now about this it for to at least like almost nearly over again support "
    "customer service services care them everyone here and through"
)
_SUBJECTS = _set(
    "i ive i've im i'm he hes he's she shes she's they theyve they've we we've weve you cx cust customer "
    "client has have had has're is be been to of now already that this it its it's the trying having need "
    "needed"
)
_OPENINGS = _SUBJECTS | _set("for my his her their hi hello ok so and but still again yet literally")
_TIMES = _set("time times tm tms x")
_ORDINAL = _set("<ord> second")
_MANY = _set("<many> twice")
_WHETHER = _set("whether if why what which where when")
"""Behind how often: a question put again, most likely within one call."""
_LOOKED_AT = 12
"""Words looked at on either side of a number."""
_REACH = 4
"""Words between a verb and how often."""


def times_in(sections: Sequence[Section]) -> int | None:
    """3 for "3rd call", "2nd engineer visit" or "told three agents"; none when no number is plain."""
    return max((number for it in sections for number in _numbers(_joined(it.typed))), default=None)


def _joined(typed: Sequence[Word]) -> Sequence[Word]:
    """The words with "e-mail" as one, since it is read as two."""
    if not any(it.raw == "e" for it in typed):
        return typed
    joined: list[Word] = []
    for it in typed:
        if it.raw.startswith("mail") and joined and joined[-1].raw == "e":
            joined[-1] = Word("e" + it.raw, "e" + it.read)
        else:
            joined.append(it)
    return joined


def _numbers(typed: Sequence[Word]) -> Iterator[int]:
    for at, word in enumerate(typed):
        number = 2 if word.raw == "twice" else word.number
        if number is None or {".", ","} & {*word.raw}:
            continue
        if 1 < number <= _MOST and _counts(typed, at):
            yield number


def _counts(typed: Sequence[Word], at: int) -> bool:
    """Whether the number at a place says how often they have been in touch."""
    before = _thought([it.raw for it in reversed(typed[max(0, at - _LOOKED_AT) : at])])
    after = _thought([it.raw for it in typed[at + 1 : at + 1 + _LOOKED_AT]])
    ordinal, many = typed[at].read in _ORDINAL, typed[at].read in _MANY
    asked = after[1:2] if after and after[0] in _TIMES else after[:1]
    if not _WHETHER.isdisjoint(asked):
        return False
    if after and after[0] in _TIMES:
        often = _reached_before(before) or _reached_after(after[1:])
        return often or (ordinal and _says_no_more(before, after[1:]))
    if many and (_reached_before(before) or _reached_after(after)):
        return True
    return _is_contact(before, after) or _is_agent(before, after, ordinal)


def _thought(raws: Sequence[str]) -> Sequence[str]:
    """The words up to the next pause."""
    end = next((at for at, it in enumerate(raws) if it in ".!?;,:()"), len(raws))
    return raws[:end]


def _is_contact(before: Sequence[str], after: Sequence[str]) -> bool:
    kind: Sequence[str] = ()
    if len(after) > 1 and after[0] in _KINDS and (after[1] in _CONTACTS or after[0] not in _CONTACTS):
        kind, after = after[:1], after[1:]
    if not after or (before and before[0] in _GOT):
        return False
    what, rest = after[0], after[1:]
    if what in _TICKETS:
        return not _OPENED.isdisjoint([*before[:2], *kind, *rest[:1]])
    if what in _ATTEMPTS:
        return rest[:1] == ["to"] and not _TO_REACH.isdisjoint(rest[1:2])
    if what not in _CONTACTS or (rest and rest[0] in _NAME_GOES_ON):
        return False
    return not (rest[:1] == ["from"] and not _FROM_US.isdisjoint(rest[1:2]))


def _is_agent(before: Sequence[str], after: Sequence[str], ordinal: bool) -> bool:
    """Whether they were talked to: "told three agents", and not "2 agents off sick"."""
    if len(after) > 1 and after[0] in ("different", "other", "separate"):
        after = after[1:]
    if not after or after[0] not in _AGENTS:
        return False
    if ordinal:
        return not _TALKED.isdisjoint(after[1:6])
    asked_of_them = _DONE_TO.isdisjoint(before[1:2]) or before[0] in ("passed", "transferred")
    talked = not _TALKED.isdisjoint(before[:3]) and asked_of_them
    return talked or not _TALKED.isdisjoint(after[1:4]) or not _SO_FAR.isdisjoint(after[1:2])


def _reached_before(before: Sequence[str]) -> bool:
    """Whether a verb of being in touch stands before how often, with nothing but light words between."""
    for at, word in enumerate(before[:_REACH]):
        if word in _REACHING:
            if not _AS_THING.isdisjoint(before[at + 1 : at + 2]):
                return False
            if not _DONE_TO.isdisjoint(before[at + 1 : at + 2]) and not word.endswith(("ing", "in")):
                return False
            return word not in _OF_US or not {"us", "you", "them", "everyone"}.isdisjoint(before[:at])
        if word not in _LIGHT:
            return False
    return False


def _reached_after(after: Sequence[str]) -> bool:
    """Whether somebody got in touch, behind how often: "three times I've rung", "third time asking"."""
    for at, word in enumerate(after[: _REACH + 1]):
        if word in _REACHING:
            rest = after[at + 1 : at + 5]
            return word not in _OF_US or not _TO_REACH.union(_FROM_US).isdisjoint(rest)
        if word not in _SUBJECTS:
            return False
    return False


def _says_no_more(before: Sequence[str], after: Sequence[str]) -> bool:
    """A bare "3rd time" or "this is the third time now" is a contact; "broken for the third time" is not."""
    return all(it in ("now", "today") for it in after) and all(it in _OPENINGS for it in before)
