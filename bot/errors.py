"""The tree of refusals: what a member, or whoever runs the bot, may be told in so many words."""


class SteadyError(Exception):
    """Something went otherwise than asked, in a sentence fit for the person who asked."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class InvalidError(SteadyError):
    """A value that can't be taken; `field` is the action id of the input to mend, where there is one."""

    def __init__(self, sentence: str, *, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


class NotAllowedError(SteadyError):
    """The person may not see or do this."""


class GoneError(SteadyError):
    """What the button or link speaks of is no longer there."""


class BusyError(SteadyError):
    """A passing shortage, such as a locked database: nothing was done, trying again may work."""


class ConfigError(SteadyError):
    """The bot can't start as it is set up; the sentence names the setting and the mend."""
