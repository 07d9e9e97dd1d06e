"""Signing in: strangers' guesses slow strangers down, never the rightful person, and nobody is ever locked out."""

from dataclasses import dataclass
from unicodedata import normalize

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Q

from portal import clock
from portal.errors import BadInput, TooMany
from portal.ledger.actions import append

from . import second_factor, throttle
from .models import Device, User
from .policies import FirstDo
from .throttle import Pace

DEVICE = Pace(free=5, first=5, longest=300, forgive=120)  # one person on a device known for them
STRANGER = Pace(free=3, first=5, longest=60, forgive=120)  # one person from one unknown device
PERSON = Pace(free=10, first=5, longest=60, forgive=60)  # one person from all unknown devices: makes newcomers wait
NETWORK = Pace(free=200, first=2, longest=30, forgive=3)  # one address, behind which a whole school may sit
CROWD = Pace(free=60, first=1, longest=1, forgive=10)  # newcomers to one hot person from one address
WRONG = "账号或密码不对，请检查后再试。忘记密码请找本单位的系统管理员重置。"


@dataclass(frozen=True)
class Caller:
    """Where a try comes from: the browser's own mark (none for programs) and the network's address."""

    device: str
    network: str


@dataclass(frozen=True)
class Outcome:
    """What came of a try: the person, or the sentence to show and the seconds to wait (0: try again at once)."""

    person: User | None = None
    sentence: str = ""
    wait: int = 0


def attempt(username: str, password: str, caller: Caller) -> Outcome:
    """Tries a name or phone and a password. An unknown name and a wrong password get one answer, after equal work."""
    name = plain_name(username)
    person = find(name)
    who = str(person.pk) if person else f"nobody {name}"
    known = person is not None and is_known(person, caller.device)
    mine = throttle.key_of("device" if known else "stranger", who, caller.device or caller.network)
    wait = throttle.take(mine, DEVICE) if known else _stranger_waits(mine, who, caller.network)
    if wait:
        return Outcome(None, f"这个账号刚才试错的次数较多，请等 {wait} 秒再试。", wait)
    if person is not None and _right(person, password):
        throttle.forgive(mine)
        return Outcome(person)
    if person is None:
        make_password(_encodable(password))  # the same work as checking one
    if not known:
        throttle.blame(throttle.key_of("person", who), PERSON)
        throttle.blame(throttle.key_of("network", caller.network), NETWORK)
    return Outcome(None, WRONG)


def check(username: str, password: str, otp: str, caller: Caller) -> User:
    """The same for a program that asks for a token, the second factor included: the person, or a refusal."""
    outcome = attempt(username, password, caller)
    if outcome.wait:
        raise TooMany(outcome.sentence, wait=outcome.wait)
    person = outcome.person
    if person is None:
        raise BadInput(outcome.sentence, errors={"password": [outcome.sentence]})
    if person.must_change_password:
        raise FirstDo("请先在网页上登录并设置新密码，再申请令牌。", page="password")
    if otp or second_factor.wanted(person):
        _check_code(person, otp, caller)
    return person


def try_code(person: User, code: str, caller: Caller) -> Outcome:
    """Tries a code of the second factor; tries from unknown devices do not slow down a known one."""
    own = caller.device if is_known(person, caller.device) else "strangers"
    mine = throttle.key_of("code", person.pk, own)
    wait = throttle.take(mine, DEVICE)
    if wait:
        return Outcome(None, f"验证码试错的次数较多，请等 {wait} 秒再试。", wait)
    if not second_factor.accept(person, code):
        return Outcome(None, "验证码不对或已经用过，请等下一个验证码，或使用备用码。")
    throttle.forgive(mine)
    return Outcome(person)


def confirm(person: User, password: str) -> Outcome:
    """Asks somebody who is signed in for the password once more; guesses in a session left open slow down too."""
    mine = throttle.key_of("confirm", person.pk)
    wait = throttle.take(mine, DEVICE)
    if wait:
        return Outcome(None, f"试错的次数较多，请等 {wait} 秒再试。", wait)
    if not _right(person, password):
        return Outcome(None, "现在的密码不对。")
    throttle.forgive(mine)
    return Outcome(person)


def plain_name(typed: str) -> str:
    """What was typed as a name, as it is stored: no spaces around it, full-width digits made plain."""
    return "".join(letter for letter in normalize("NFKC", typed).strip() if letter.isprintable())


def find(name: str) -> User | None:
    """The active person of this username, else of this phone number."""
    people = User.objects.select_related("home__school").filter(Q(username=name) | Q(phone=name), is_active=True)
    return min(people, key=lambda person: person.username != name, default=None)


def is_known(person: User, device: str) -> bool:
    """Whether the person has signed in with this browser before."""
    return bool(device) and Device.objects.filter(person=person, code=device).exists()


def remember(person: User, caller: Caller, *, name: str, session_key: str) -> None:
    """The person signed in here: from now on the browser is known for them. Counts that no longer matter are purged."""
    throttle.purge()
    if caller.device:
        now = clock.now()
        seen = {"name": name, "session_key": session_key, "last_at": now}
        Device.objects.update_or_create(
            person=person, code=caller.device, defaults=seen, create_defaults=seen | {"made_at": now}
        )


@transaction.atomic
def sign_out_everywhere(person: User, *, by: User | str) -> User:
    """Ends every session, forgets every known device and revokes every token of the person, at once."""
    person = User.objects.select_for_update(of=("self",)).get(pk=person.pk)
    person.epoch += 1
    person.save(update_fields=["epoch"])
    person.devices.all().delete()
    person.tokens.all().delete()
    append(person, "signed_out_everywhere", by=by, at=clock.now())
    return person


def _stranger_waits(mine: str, who: str, network: str) -> int:
    """Seconds an unknown device has to wait, 0 when its try is heard now.

    While strangers are guessing at this person, or many wrong tries come from this address, a newcomer is given a
    moment at which it is heard for certain: whoever hammers meanwhile waits for moments of their own.
    """
    hot = max(
        throttle.heat(PERSON, throttle.key_of("person", who)),
        throttle.heat(NETWORK, throttle.key_of("network", network)),
    )
    if hot and not throttle.met(mine):
        return throttle.take(throttle.key_of("crowd", who, network), CROWD) or throttle.appoint_time(
            mine, hot, STRANGER
        )
    return throttle.take(mine, STRANGER)


def _right(person: User, password: str) -> bool:
    """Whether this is the person's password; for an account without one the same work is done."""
    if not person.has_usable_password():
        make_password(_encodable(password))
        return False
    return person.check_password(_encodable(password))


def _encodable(password: str) -> str:
    """Programs may send halves of characters, which no password holds."""
    return password.encode(errors="replace").decode()


def _check_code(person: User, otp: str, caller: Caller) -> None:
    if not second_factor.enrolled(person):
        raise FirstDo("您的岗位需要两步验证，请先在网页上登录并绑定验证器。", page="second-factor")
    if not otp:
        raise BadInput("请填写验证器里的验证码。", errors={"otp": ["请填写验证器里的 6 位验证码，或一个备用码。"]})
    outcome = try_code(person, otp, caller)
    if outcome.wait:
        raise TooMany(outcome.sentence, wait=outcome.wait)
    if outcome.person is None:
        raise BadInput(outcome.sentence, errors={"otp": [outcome.sentence]})
