"""What a connector is: a way to hand one report to a system, and to ask what the system has."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from portal.outbound.models import Report, System
from portal.outbox import CannotGo


class Rejected(CannotGo):
    """The other system has read the report and will not have it; `reason` is what it says, for people."""

    def __init__(self, reason: str) -> None:
        super().__init__("rejected")
        self.reason = reason


@dataclass(frozen=True)
class Answer:
    """The other system has the report; the receipt number may come later, with the reconciliation."""

    receipt: str = ""


@dataclass(frozen=True)
class Known:
    """One record the other system says it has: our case's number, the last report it took, its receipt number."""

    number: str
    seq: int
    receipt: str = ""


class Connector:
    """A way to another system. `carries`: reports go by themselves, to an address; else people carry them as a file.

    `send` returns when the other side has the report for good, within two minutes. It raises `Rejected` when it will never
    take it, and anything else when it may be tried again. The same report may come twice, under the same key.
    """

    code = ""
    title = ""
    about = ""
    carries = True

    def refuse_endpoint(self, endpoint: str) -> None:
        """Raises BadInput for an address this connector will not send to."""

    def send(self, system: System, report: Report, *, at: datetime) -> Answer:
        """Hands over one report."""
        raise RuntimeError("each connector says this itself")

    def known(self, system: System, since: datetime, *, at: datetime) -> Iterable[Known]:
        """What the system says it has of what it was told since a moment, or changed since."""
        raise RuntimeError("each connector says this itself")
