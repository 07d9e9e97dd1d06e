"""提问, and what an answer causes beyond its own case."""

from datetime import datetime
from typing import Any

from canteen.apps import PRIVATE
from canteen.flow.questions import QUESTIONS
from canteen.models import Question
from canteen.queries.questions import first_words
from portal.cases.actions import open_case
from portal.cases.actors import Actor
from portal.cases.forms import StepForm
from portal.cases.models import Case
from portal.orgs.models import User

LONGEST = 60  # letters of a question that stand in its title


def ask(form: StepForm, *, by: Actor, **more: Any) -> Case:
    """Opens a question to a canteen; asked privately it begins, and stays, in the closed circle, under a title that tells nothing."""
    said = form.cleaned_data
    canteen, private = said["canteen"], said["private"]
    first = next(iter(said["words"].strip().splitlines()), "")[:LONGEST]
    return open_case(
        QUESTIONS,
        unit=canteen.unit,
        title="私下的提问" if private else first,
        by=by,
        opener=by if isinstance(by, User) else None,
        form=form,
        circle=PRIVATE if private else "",
        columns={"canteen": canteen},
        **more,
    )


def put_up(
    case: Question, *, by: Actor, at: datetime, words: str, shown: str, listed: bool, **_: Any
) -> dict[str, Any]:
    """Effect of an answer: a public one goes on the list, in words that name nobody; the first answer's time stays."""
    goes = listed and not case.circle
    columns: dict[str, Any] = {"answered_at": case.answered_at or at, "listed": goes}
    if goes:
        columns |= {"shown": shown.strip() or case.shown or first_words(case), "reply": words.strip()}
    Question.objects.filter(pk=case.pk).update(**columns)
    for name, value in columns.items():
        setattr(case, name, value)
    return {"listed": goes}


def take_off(case: Question, *, by: Actor, at: datetime, **_: Any) -> None:
    """Effect of taking a question off the list: nobody reads it there any more."""
    case.listed = False
    Question.objects.filter(pk=case.pk).update(listed=False, shown="", reply="")
