"""Passwords: the 等保 mix and expiry, changing one's own, and a one-time password from an admin."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.password_validation import get_default_password_validators, validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from portal import clock
from portal.errors import BadInput, Refused
from portal.ledger.actions import append

from .models import User
from .rules import admin_of_person

LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that are mistaken for each other
KINDS = (str.isupper, str.islower, str.isdigit, lambda letter: not letter.isalnum())


class LengthValidator:
    """So many characters at least; says so in Chinese, which Django's own does not."""

    def __init__(self, least: int) -> None:
        self.sentence = f"密码至少要有 {least} 个字符。"
        self.least = least

    def validate(self, password: str, user: User | None = None) -> None:
        """Refuses a shorter one."""
        if len(password) < self.least:
            raise ValidationError(self.sentence, code="password_too_short")

    def get_help_text(self) -> str:
        """What is shown beside the field."""
        return self.sentence


class MixedValidator:
    """等保: at least three of capital letters, small letters, digits and other signs."""

    sentence = "密码要包含大写字母、小写字母、数字、符号中的至少三种。"

    def validate(self, password: str, user: User | None = None) -> None:
        """Refuses a password of fewer than three kinds of characters."""
        if sum(any(kind(letter) for letter in password) for kind in KINDS) < 3:
            raise ValidationError(self.sentence, code="password_not_mixed")

    def get_help_text(self) -> str:
        """What is shown beside the field."""
        return self.sentence


def must_change(person: User) -> bool:
    """Whether a new password comes first: this one was for one time only, or is older than the profile allows."""
    if person.must_change_password:
        return True
    days: int = settings.PASSWORD_DAYS
    oldest = clock.today() - timedelta(days=days)
    return bool(days) and (person.password_set_on is None or person.password_set_on < oldest)


@transaction.atomic
def change_password(person: User, *, new: str, by: User) -> User:
    """Sets the password the person has chosen; other sessions end. Refused when too weak or the same as before."""
    person = User.objects.select_for_update(of=("self",)).get(pk=person.pk)
    wrong = weaknesses(person, new)
    if wrong:
        raise BadInput("这个密码不能用，请换一个。", errors={"new": wrong})
    person.set_password(new)
    person.must_change_password = False
    person.save(update_fields=["password", "password_set_on", "must_change_password"])
    append(person, "password_changed", by=by, at=clock.now())
    return person


def wanted_of_passwords() -> str:
    """What is said beside the field, before anything is wrong."""
    ours = [
        one.sentence for one in get_default_password_validators() if isinstance(one, LengthValidator | MixedValidator)
    ]
    return "".join(ours) + "不要用常见的密码，也不要用姓名、工号或手机号。"


def weaknesses(person: User, new: str) -> list[str]:
    """Why this cannot be the person's new password; nothing when it can."""
    if person.check_password(new):
        return ["新密码不能和现在的密码一样。"]
    try:
        validate_password(new, person)
    except ValidationError as weak:
        return list(weak.messages)
    return []


@transaction.atomic
def reset_password(person: User, *, by: User | str) -> str:
    """Gives a one-time password to be changed at once, shown this one time; sessions, devices and tokens end.

    Refused for an admin who does not administer everything the person belongs to or holds, and for oneself.
    """
    person = User.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if isinstance(by, User) and by.pk == person.pk:
        raise Refused("自己的密码请在“我的”里修改。")
    if not person.is_active:
        raise Refused(f"{person.name} 已离开，不能重置密码。")
    admin_of_person(person, by)
    password = "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))
    person.set_password(password)
    person.must_change_password = True
    person.epoch += 1
    person.save(update_fields=["password", "password_set_on", "must_change_password", "epoch"])
    person.devices.all().delete()
    person.tokens.all().delete()
    append(person, "password_reset", by=by, at=clock.now())
    return password
