"""Every connector the portal knows; another one is another line here."""

from collections.abc import Iterable
from datetime import datetime

from portal.outbound.models import Report, System
from portal.outbox import CannotGo, NotNow

from .by_hand import ByHand
from .connector import Answer, Connector, Known
from .signed_json import SignedJson

CONNECTORS: dict[str, Connector] = {one.code: one for one in (SignedJson(), ByHand())}


def carrying() -> list[str]:
    """Connectors by which reports go by themselves."""
    return [code for code, one in CONNECTORS.items() if one.carries]


def hand_over(report: Report, *, at: datetime) -> Answer:
    """Sends one report. Raises nothing but `CannotGo` and `NotNow`, codes fit for the record."""
    system = report.line.system
    if report.line.case.circle:
        raise CannotGo("closed_circle")
    try:
        return CONNECTORS[system.connector].send(system, report, at=at)
    except (CannotGo, NotNow):
        raise
    except Exception as error:
        raise NotNow(type(error).__name__) from error


def known(system: System, since: datetime, *, at: datetime) -> Iterable[Known]:
    """What a system says it has. Raises nothing but `NotNow`."""
    try:
        return list(CONNECTORS[system.connector].known(system, since, at=at))
    except NotNow:
        raise
    except Exception as error:
        raise NotNow(type(error).__name__) from error
