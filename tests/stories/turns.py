"""Turns that several stories take."""


async def home_with(person, text):
    """Open Home and come to rest, so that no button is drawn anew under the finger."""
    await person.open_home()
    await person.workspace.settle()
    return await person.sees_home(text)


def posted(entries, text):
    """The messages that went out saying so."""
    return [
        entry
        for entry in entries
        if entry["method"] == "chat.postMessage"
        and entry["verdict"] == "ok"
        and text in str(entry["arguments"])
    ]
