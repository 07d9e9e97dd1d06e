"""报修: the verb that opens a ticket; every later step goes through `move`."""

from typing import Any

from portal.cases.actions import new_receipt, open_case
from portal.cases.actors import Actor
from portal.cases.discretion import public_place
from portal.cases.forms import StepForm
from portal.cases.models import Case
from portal.orgs.models import User
from portal.orgs.roles import VISITORS
from portal.stickers.models import Sticker
from repairs.flow import FLOW
from repairs.queries import topics


def visit(form: StepForm, *, by: Actor, sticker: Sticker, receipt: str) -> Case:
    """Opens a stranger's report at a sticker's place, in the desk's closed circle until somebody vouches for it.

    Its title holds nothing the stranger typed: titles travel in notices, and words may have to be erased.
    """
    topic = topics()[form.cleaned_data["topic"]]
    return open_case(
        FLOW,
        step=FLOW.visiting,
        unit=sticker.unit,
        title=f"{sticker.unit.name} {topic.short}",
        by=by,
        form=form,
        topic=topic.code,
        priority=topic.priority,
        circle=VISITORS,
        receipt=receipt,
    )


def report(form: StepForm, *, by: Actor, **more: Any) -> Case:
    """Opens a ticket from a valid report form. Danger makes it P2 at least; for somebody who phoned, they are the opener.

    Somebody without an account gets a receipt: its code is on the answer's `receipt_code`, and nowhere else.
    """
    said = form.cleaned_data
    topic = topics()[said["topic"]]
    words = (said.get("words") or "").strip().splitlines()
    opener = said.get("opener") or (by if isinstance(by, User) and not said.get("walk_in") else None)
    receipt = new_receipt() if said.get("walk_in") else ""
    discreet = bool(said.get("discreet"))
    what = words[0] if words else said.get("item") or topic.name
    named = f"{public_place(said['unit']).name} {topic.name}（私密）" if discreet else f"{said['unit'].name} {what}"
    case = open_case(
        FLOW,
        unit=said["unit"],
        discreet=discreet,
        title=named[:200],
        by=by,
        opener=opener,
        form=form,
        topic=topic.code,
        priority=min(topic.priority, 2) if said.get("danger") else topic.priority,
        receipt=receipt,
        **more,
    )
    case.receipt_code = receipt  # type: ignore[attr-defined]
    return case
