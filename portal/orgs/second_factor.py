"""The second factor: a code of the moment from an authenticator app, or one of ten backup codes, each good once."""

import secrets
from base64 import b32encode
from unicodedata import normalize
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from portal import clock
from portal.errors import BadInput
from portal.ledger.actions import append

from .access import holds_anywhere
from .models import User
from .roles import roles

BACKUP_CODES = 10
LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that are mistaken for each other
STEP_SECONDS, DIGITS, TOLERANCE = 30, 6, 1


def required_roles() -> list[str]:
    """The roles that need a code beside the password."""
    return [role.code for role in roles().values() if role.second_factor]


def required(person: User) -> bool:
    """Whether one of the person's roles asks for it; nobody's does in demo mode."""
    return not settings.DEMO and holds_anywhere(person, *required_roles())


def enrolled(person: User) -> bool:
    """Whether the person has bound an authenticator."""
    return TOTPDevice.objects.filter(user=person, confirmed=True).exists()


def wanted(person: User) -> bool:
    """Whether signing in asks for a code: by role, or because the person has chosen it."""
    return not settings.DEMO and (required(person) or enrolled(person))


def new_secret() -> str:
    """A fresh secret of 160 bits, in hex."""
    return secrets.token_hex(20)


def spelled(secret: str) -> str:
    """The secret as people type it into an authenticator, in groups of four."""
    plain = b32encode(bytes.fromhex(secret)).decode()
    return " ".join(plain[start : start + 4] for start in range(0, len(plain), 4))


def otpauth(person: User, secret: str) -> str:
    """The address an authenticator reads from the QR code."""
    label = quote(f"阳光校务:{person.username}")
    return f"otpauth://totp/{label}?" + urlencode({"secret": spelled(secret).replace(" ", ""), "issuer": "阳光校务"})


@transaction.atomic
def enrol(person: User, *, secret: str, code: str, by: User) -> list[str]:
    """Binds an authenticator after one right code and gives the backup codes, shown once. Refused for a wrong code."""
    person = User.objects.select_for_update(of=("self",)).get(pk=person.pk)
    moment = _moment_of(secret, code, after=-1)
    if moment is None:
        raise BadInput("验证码不对，请输入验证器里最新的 6 位数字。", errors={"code": ["验证码不对。"]})
    TOTPDevice.objects.filter(user=person).delete()
    TOTPDevice.objects.create(user=person, name="验证器", key=secret, confirmed=True, last_t=moment)
    append(person, "second_factor_bound", by=by, at=clock.now())
    return new_backup_codes(person)


@transaction.atomic
def new_backup_codes(person: User) -> list[str]:
    """Ten new backup codes in place of the old; only their digests are kept."""
    StaticDevice.objects.filter(user=person).delete()
    device = StaticDevice.objects.create(user=person, name="备用码", confirmed=True)
    codes = ["".join(secrets.choice(LETTERS) for _ in range(10)) for _ in range(BACKUP_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=_digest(code)) for code in codes)
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def backup_codes_left(person: User) -> int:
    """How many backup codes have not been used."""
    return StaticToken.objects.filter(device__user=person).count()


@transaction.atomic
def accept(person: User, code: str) -> bool:
    """Whether the code is right, and uses it up: the same code is never accepted twice."""
    typed = typed_code(code)
    for device in TOTPDevice.objects.select_for_update().filter(user=person, confirmed=True):
        moment = _moment_of(device.key, typed, after=device.last_t)
        if moment is not None:
            TOTPDevice.objects.filter(pk=device.pk).update(last_t=moment, last_used_at=clock.now())
            return True
    return bool(StaticToken.objects.filter(device__user=person, token=_digest(typed)).delete()[0])


def typed_code(code: str) -> str:
    """A code as it is checked: full-width digits made plain, spaces and dashes left out."""
    return "".join(letter for letter in normalize("NFKC", code).lower() if letter.isascii() and letter.isalnum())


@transaction.atomic
def unbind(person: User, *, by: User | str) -> None:
    """Takes the authenticator and the backup codes away: for a lost phone, or when the person no longer wants them."""
    person = User.objects.select_for_update(of=("self",)).get(pk=person.pk)
    TOTPDevice.objects.filter(user=person).delete()
    StaticDevice.objects.filter(user=person).delete()
    append(person, "second_factor_unbound", by=by, at=clock.now())


def _moment_of(secret: str, code: str, *, after: int) -> int | None:
    """The half minute this code belongs to, if it is near now and later than `after`."""
    code = typed_code(code)
    if not (code.isdigit() and len(code) == DIGITS):
        return None
    totp = TOTP(bytes.fromhex(secret), step=STEP_SECONDS, digits=DIGITS)
    totp.time = clock.now().timestamp()
    return int(totp.t()) if totp.verify(int(code), tolerance=TOLERANCE, min_t=after + 1) else None


def _digest(code: str) -> str:
    return salted_hmac("portal.orgs.second_factor", code, algorithm="sha256").hexdigest()[:16]
