"""On a busy machine one slow example says nothing about the code: what is slow is counted, not timed."""

from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
