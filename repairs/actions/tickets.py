"""报修: the verb that opens a ticket; every later step goes through `move`."""

from typing import Any

from portal.cases.actions import new_receipt, open_case
from portal.cases.actors import Actor
from portal.cases.forms import StepForm
from portal.cases.models import Case
from portal.orgs.models import User
from repairs.flow import FLOW
from repairs.queries import topics


def report(form: StepForm, *, by: Actor, **more: Any) -> Case:
    """Opens a ticket from a valid report form. Danger makes it P2 at least; for somebody who phoned, they are the opener.

    Somebody without an account gets a receipt: its code is on the answer's `receipt_code`, and nowhere else.
    """
    said = form.cleaned_data
    topic = topics()[said["topic"]]
    words = (said.get("words") or "").strip().splitlines()
    opener = said.get("opener") or (by if isinstance(by, User) and not said.get("walk_in") else None)
    receipt = new_receipt() if said.get("walk_in") else ""
    case = open_case(
        FLOW,
        unit=said["unit"],
        title=f"{said['unit'].name} {words[0] if words else said.get('item') or topic.name}"[:200],
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
