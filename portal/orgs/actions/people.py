"""What an account says of its person, changed by an admin."""

from django.db import transaction

from portal import clock
from portal.errors import BadInput, Refused, Stale
from portal.ledger.actions import append
from portal.orgs import rules
from portal.orgs.models import Unit, User
from portal.orgs.rules import Actor

ASKED = ("name", "phone", "email", "home")


@transaction.atomic
def amend(
    person: User,
    *,
    name: str,
    phone: str | None,
    email: str,
    home: Unit | None,
    by: Actor,
    version: int | None = None,
) -> User:
    """Changes name, phone, e-mail and the unit the person belongs to; posts held elsewhere stay as they are.

    Refused for a phone in use, when `version` is no longer the row's, and for anybody but an admin of all the person
    holds and of the new unit. The ledger names which parts changed, never what they say.
    """
    person = User.objects.select_for_update(of=("self",)).select_related("home").get(pk=person.pk)
    if version is not None and version != person.version:
        raise Stale(f"{person.name} 的资料刚刚被别人改过。", instead="请看过新的内容再改。")
    if not person.is_active:
        raise Refused(f"{person.name} 已离开，资料不再修改。")
    rules.admin_of_person(person, by)
    if home is not None:
        rules.admin_at(home, by)
        rules.in_use(home)
    _free_phone(person, phone)
    wanted = {"name": name, "phone": phone or None, "email": email, "home": home}
    changed = [part for part in ASKED if getattr(person, part) != wanted[part]]
    if not changed:
        return person
    for part in changed:
        setattr(person, part, wanted[part])
    person.version += 1
    person.save(update_fields=[*changed, "version"])
    facts = {"changed": changed, "home": home if "home" in changed else None}
    append(person, "amended", by=by, at=clock.now(), facts=facts)
    return person


def _free_phone(person: User, phone: str | None) -> None:
    """A phone number signs in one person."""
    if phone and User.objects.filter(phone=phone).exclude(pk=person.pk).exists():
        raise BadInput("这个手机号已被使用。", errors={"phone": [f"手机号 {phone} 已被使用。"]})
