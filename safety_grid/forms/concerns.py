"""What is written about a concern, by those few who may read it."""

from typing import Any

from portal.cases.forms import PersonField, PlaceField, StepForm, WordsField
from portal.evidence.fields import EvidenceField
from portal.orgs.models import User

CARERS = ("counsellor", "care_officer")
CARE = "请不要写同学的身份证号和住址，不要拍到脸。"


class RaiseConcern(StepForm):
    """反映: where, and what was seen or heard."""

    unit = PlaceField(label="地点")
    words = WordsField(label="您看到或听到了什么", help_text=CARE)
    photos = EvidenceField(label="照片", required=False, max_count=3)


class TakeUp(StepForm):
    """受理: who looks after it; at first oneself."""

    assignee = PersonField(*CARERS, label="由谁办理")
    note = WordsField(label="说明", required=False, rows=2)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if isinstance(self.by, User):
            self.initial = {"assignee": self.by.pk, **self.initial}


class HandOn(StepForm):
    """换人办理, with a reason."""

    assignee = PersonField(*CARERS, label="改由谁办理")
    reason = WordsField(label="原因", rows=2)


class CallOfficer(StepForm):
    """报局里专员, with what is asked of them."""

    reason = WordsField(label="请局里做什么", rows=2)


class WindUp(StepForm):
    """办完: what was found and done."""

    outcome = WordsField(label="了解到什么、做了什么", help_text=CARE)


class SettleConcern(StepForm):
    """复核办结."""

    note = WordsField(label="复核意见", required=False, rows=2)


class TakeBack(StepForm):
    """退回再办, with a reason."""

    reason = WordsField(label="还要做什么", rows=2)


class FindNothing(StepForm):
    """没有这回事, with how that was found out."""

    reason = WordsField(label="怎么了解的", rows=2)
