"""Every id that travels to Slack and back, written once."""

from enum import StrEnum


class Command(StrEnum):
    """Slash commands, as manifest.yml has them."""

    DEESCALATE = "/deescalate"


class Shortcut(StrEnum):
    """Shortcuts, as manifest.yml has them."""

    DEESCALATE_MESSAGE = "phrasing.deescalate_message"


class Event(StrEnum):
    """Events the bot subscribes to, as manifest.yml has them."""

    HOME_OPENED = "app_home_opened"
    USER_CHANGE = "user_change"
    TEAM_JOIN = "team_join"
    DND_UPDATED_USER = "dnd_updated_user"


class Action(StrEnum):
    """Buttons, selects and the inputs of forms."""

    ANOTHER_WAY = "phrasing.another_way"
    NOT_THIS = "phrasing.not_this"
    MAY_OFFER = "phrasing.may_offer"
    GET_HELP = "phrasing.get_help"
    MORE = "phrasing.more"
    STEPS = "phrasing.steps"
    SHORTER = "phrasing.shorter"
    FIRMER = "phrasing.firmer"
    SWITCH_CHANNEL = "phrasing.switch_channel"
    SEND_TO_DM = "phrasing.send_to_dm"
    CHOOSE = "phrasing.choose"
    CHOOSE_OTHER = "phrasing.choose_other"
    STATE = "phrasing.state"
    OPEN_PICKER = "phrasing.open_picker"
    PICK_SITUATION = "phrasing.pick_situation"
    PICK_CAUSE = "phrasing.pick_cause"
    PICK_STATES = "phrasing.pick_states"
    PICK_CHANNEL = "phrasing.pick_channel"
    ASK_BOX = "phrasing.ask_box"
    ASK = "phrasing.ask"
    STEP = "phrasing.step"
    FRAMEWORK = "phrasing.framework"
    HELPED = "phrasing.helped"
    NOT_HELPED = "phrasing.not_helped"
    HELP_LINES = "help.lines"
    HELP_COUNTRY = "help.country"


class View(StrEnum):
    """Modals, by callback id."""

    PICKER = "phrasing.picker"
    CARD = "phrasing.card"
    LATITUDE = "phrasing.latitude"
    GET_HELP = "phrasing.get_help_view"
    STEPS = "phrasing.steps"
    HELP_LINES = "help.lines_view"
    NOTICE = "notice"
    HOME = "home"
