"""Difficulties on request: armed faults, taken one by one by whatever they concern."""

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from bot.sandbox.record import Record

Json = dict[str, Any]

ON_CALLS = ("ratelimited", "server_error", "error", "hang", "slow")
_KINDS: dict[str, tuple[frozenset[str], Json]] = {
    "ratelimited": (frozenset({"method"}), {"retry_after": 1}),
    "server_error": (frozenset({"method"}), {"status": 500}),
    "error": (frozenset({"method", "error"}), {}),
    "hang": (frozenset({"method"}), {"for_s": 60, "effect": False}),
    "slow": (frozenset({"method", "for_s"}), {}),
    "invalid_blocks": (frozenset({"block_type"}), {}),
    "expired_trigger": (frozenset(), {}),
    "duplicate": (frozenset(), {"what": "*"}),
    "reorder": (frozenset(), {"what": "*", "count": 2}),
    "lost_ack": (frozenset(), {"what": "*", "reason": "http_timeout"}),
    "drop_socket": (frozenset(), {"which": "one", "close_frame": True}),
    "refresh": (frozenset(), {"reason": "refresh_requested"}),
    "refuse_socket": (frozenset(), {}),
    "deaf_socket": (frozenset(), {"which": "one"}),
    "clock_skew": (frozenset({"seconds"}), {"times": None}),
}
AT_ONCE = frozenset({"drop_socket", "refresh", "deaf_socket"})


class FaultError(ValueError):
    """A fault that does not exist or lacks a field."""


@dataclass
class Fault:
    """One armed fault; `times` counts down, None means until cleared."""

    id: int
    kind: str
    times: int | None
    fields: Json = field(default_factory=dict)

    def shown(self) -> Json:
        """Write it as the control API answers it."""
        return {"id": self.id, "fault": self.kind, "times": self.times, **self.fields}


class Faults:
    """The armed faults, in the order they were asked for."""

    def __init__(self, record: Record) -> None:
        self._armed: list[Fault] = []
        self._record = record
        self._next = 1

    def arm(self, request: Json) -> Fault:
        """Check a request and arm it; faults that happen at once are only returned."""
        kind = str(request.get("fault"))
        if kind not in _KINDS:
            raise FaultError(f"There is no fault {kind!r}; there are {', '.join(sorted(_KINDS))}.")
        needed, defaults = _KINDS[kind]
        missing = needed - request.keys()
        if missing:
            raise FaultError(f"{kind} needs {', '.join(sorted(missing))}.")
        fields = {**defaults, **{k: v for k, v in request.items() if k not in ("fault", "times")}}
        times = request.get("times", fields.pop("times", 1))
        fault = Fault(self._next, kind, times, fields)
        self._next += 1
        if kind not in AT_ONCE:
            self._armed.append(fault)
        return fault

    def clear(self) -> None:
        """Disarm everything."""
        self._armed.clear()

    def armed(self) -> list[Fault]:
        """List what is still armed."""
        return list(self._armed)

    def take(self, kinds: tuple[str, ...], **about: str) -> Fault | None:
        """Use up the first armed fault of these kinds whose patterns fit, as method="views.open"."""
        for fault in self._armed:
            fits = all(fnmatchcase(value, str(fault.fields.get(name, "*"))) for name, value in about.items())
            if fault.kind in kinds and fits:
                self._use(fault, about)
                return fault
        return None

    def _use(self, fault: Fault, about: dict[str, str]) -> None:
        if fault.times is not None:
            fault.times -= 1
            if fault.times <= 0:
                self._armed.remove(fault)
        self._record.add("fault", fault=fault.kind, on=next(iter(about.values()), ""))

    def skew_s(self) -> float:
        """How many seconds request timestamps are off; nothing is used up."""
        return sum(float(f.fields["seconds"]) for f in self._armed if f.kind == "clock_skew")
