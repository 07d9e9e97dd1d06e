"""请人协助: somebody more works on a case; they see it, may write to it, and are told of every step."""

from typing import Any

from portal.errors import BadInput
from portal.orgs.models import User

from .models import Case, CaseParty


def bring_in(case: Case, *, helper: User, **_: Any) -> None:
    """Effect of a step that asks somebody to help. Refused: the one who does the work, or who helps or is barred already."""
    parts = CaseParty.objects.filter(case=case.pk, person=helper, as_what__in=[CaseParty.HELPER, CaseParty.BARRED])
    if helper.pk == case.assignee_id or parts.exists():
        raise BadInput("请另选一人。", errors={"helper": ["已在办这一件，或须回避，请另选一人。"]})
    CaseParty.objects.create(case_id=case.pk, person=helper, as_what=CaseParty.HELPER)
