"""What opening a case and taking a step have in common: the effect, the state it leads to, and what the ledger keeps of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.evidence.actions import attach, refer
from portal.ledger.actions import entry, write

from .access import handled
from .actors import Actor, ledger_name
from .flow import Step, flow_of
from .forms import StepForm
from .models import Case, Words
from .said import Said


@dataclass(frozen=True)
class Taken:
    """One step of one case as it was taken: what was said, and the facts for the chain."""

    case: Case
    step: Step
    said: Said
    facts: dict[str, Any]


def effect_of(case: Case, step: Step, form: StepForm, *, by: Actor, at: datetime) -> dict[str, Any]:
    """What the step causes beyond its own case, and the facts that gives for the chain."""
    return flow_of(case).effect(step)(case, by=by, at=at, **form.cleaned_data) or {} if step.does else {}


def target_of(case: Case, step: Step) -> str | None:
    """Where the step leads this case, as its columns and rows are now."""
    if step.leads is None:
        return step.target
    picked = step.leads(case)
    if picked not in step.targets:
        raise ValueError(f"{case.kind}.{step.name} leads to {step.targets}, not to {picked}")
    return picked


def enter(case: Case, target: str | None, *, at: datetime) -> None:
    """The case stands in this state from now on; none: it stays where it is."""
    if target:
        state = flow_of(case).state(target)
        case.state, case.turn = state.name, "" if state.final else state.turn
        case.is_open, case.closed_at = not state.final, at if state.final else None


def record(taken: Sequence[Taken], *, by: Actor, at: datetime) -> None:
    """Events, words and photos of these steps, each of another case; the events and the words in one statement each."""
    events = [entry(one.case, one.step.name, by=ledger_name(by), at=at, facts=one.facts) for one in taken]
    write(events)
    for one, event in zip(taken, events, strict=True):
        for words in one.said.words:
            words.case_id, words.seq = one.case.pk, event.seq
    Words.objects.bulk_create([words for one in taken for words in one.said.words])
    for one in taken:
        for name, pieces in one.said.photos.items():
            attach(pieces, to=one.case.address, role=name, by=by, at=at)
        refer(one.said.carried, to=one.case.address, at=at)
        handled(one.case, by)
