"""并入: the same matter told twice becomes one case; whoever waited for the duplicate waits for the other from then on."""

from datetime import datetime
from typing import Any

from django.db.models import Q

from portal.errors import Refused
from portal.ledger.actions import append
from portal.orgs.models import User

from .actors import Actor, ledger_name
from .models import Case, CaseLink, CaseParty

MERGED = "merged"


def merge_into(case: Case, *, by: Actor, at: datetime, into: Case, **_: Any) -> dict[str, Any]:
    """Effect of a step that ends a duplicate: links it, and makes its opener and followers followers of the other case.

    Refused while somebody else is writing the other case, or when it has ended meanwhile.
    """
    # Never waits: two people who merge two cases into each other would wait for one another.
    other = Case.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=into.pk, is_open=True).first()
    if other is None:
        raise Refused("那一件刚刚有变化，没有并入。", instead="看一眼那一件现在的情况，再决定要不要并入。")
    before = CaseLink.objects.filter(target=case.pk, kind=MERGED).values_list("source", flat=True)
    links = [CaseLink(source_id=pk, target=other, kind=MERGED) for pk in (*before, case.pk)]
    CaseLink.objects.bulk_create(links, ignore_conflicts=True)
    waiting = [CaseParty(case=other, person=one, as_what=CaseParty.FOLLOWER) for one in _waiting(case, other)]
    CaseParty.objects.bulk_create(waiting, ignore_conflicts=True)
    append(other, "absorbed", by=ledger_name(by), at=at, facts={"merged": case.number})
    return {"into": other.number}


def _waiting(case: Case, other: Case) -> list[User]:
    """The duplicate's opener and followers, without those who have a part in the other case or must stay away from it."""
    follows = CaseParty.objects.filter(case=case.pk, as_what=CaseParty.FOLLOWER).values("person")
    barred = CaseParty.objects.filter(case=other.pk, as_what=CaseParty.BARRED).values("person")
    people = User.objects.filter(Q(pk=case.opener_id) | Q(pk__in=follows), is_active=True).exclude(pk__in=barred)
    return [one for one in people if one.pk not in (other.opener_id, other.assignee_id)]
