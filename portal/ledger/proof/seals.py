"""The seals held against their signatures, each other, their heads, and an outsider's saved copy."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from itertools import groupby
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from portal import clock
from portal.ledger import keys
from portal.ledger.digests import digest_of_body, root_of, seal_body, spell
from portal.ledger.models import UNDER_WAY, Event, Seal, SealedHead, Witnessed

from .chain import Calendar, Finding

OVERDUE = timedelta(hours=12)  # after the end of a day: by then some worker has sealed it


class NotASavedCopy(ValueError):
    """The file is not what `manage.py seals` writes; the sentence names the line."""


def calendar_of(seals: Sequence[Seal]) -> Calendar:
    """What these seals demand of the dates of events."""
    floors = {one.pk: spell(one.floor) for one in seals}
    floor = spell(seals[-1].ends - UNDER_WAY) if seals else ""
    return Calendar({one.pk: one.day.isoformat() for one in seals}, floors, floor)


def flaw_in_seals(seals: Sequence[Seal], trusted: frozenset[str], *, after: Seal | None = None) -> Finding | None:
    """The first seal, by day, that was changed, forged, put in or taken out; `after` is the one before the first."""
    if seals and not trusted:
        raise ImproperlyConfigured("SEAL_KEY and SEAL_PUBLIC_KEYS are both empty: nothing to check the seals against.")
    before, last = (after.digest, after.day) if after else ("", None)
    for one in seals:
        if last is not None and one.day > last + timedelta(days=1):
            missing = last + timedelta(days=1)
            return Finding(f"seal:{missing}", f"{missing} 的封存不见了，而它之后的 {one.day} 已封存。")
        if found := _flaw_in_seal(one, before, trusted):
            return found
        before, last = one.digest, one.day
    return None


def _flaw_in_seal(seal: Seal, before: str, trusted: frozenset[str]) -> Finding | None:
    row = f"seal:{seal.day}"
    if seal.expected() != seal.digest:
        return Finding(row, f"{seal.day} 的封存内容与它的摘要不符，被改动过。")
    if seal.public_key not in trusted:
        return Finding(row, f"{seal.day} 的封存是用我们不认识的密钥（{seal.public_key_id}）签的。")
    if not keys.signed(seal.body, signature=seal.signature, public_key=seal.public_key):
        return Finding(row, f"{seal.day} 的封存签名无效，被改动过。")
    if seal.before != before:
        return Finding(row, f"{seal.day} 的封存接不上它之前的封存：有封存被删除或换过。")
    return None


def flaw_in_heads(seals: Sequence[Seal]) -> Finding | None:
    """The first seal whose heads no longer give its root, or heads and receipts whose seal is gone."""
    known = {one.pk: one for one in seals}
    heads = SealedHead.objects.order_by("seal_id", "address").values_list("seal_id", "address", "seq", "digest")
    unseen = dict(known)
    for pk, rows in groupby(heads.iterator(chunk_size=5_000), key=lambda row: row[0]):
        seal = unseen.pop(pk, None)
        if seal is None:
            return Finding(f"seal#{pk}", f"第 {pk} 号封存不见了，它封存的链头还在。")
        if found := _flaw_in_root(seal, [(address, seq, digest) for _, address, seq, digest in rows]):
            return found
    for seal in unseen.values():
        if found := _flaw_in_root(seal, []):
            return found
    orphan = Witnessed.objects.exclude(seal_id__in=known).order_by("seal_id").first()
    return (
        Finding(f"seal#{orphan.seal_id}", f"第 {orphan.seal_id} 号封存不见了，它曾寄给过见证人。") if orphan else None
    )


def _flaw_in_root(seal: Seal, heads: list[tuple[str, int, str]]) -> Finding | None:
    if len(heads) == seal.count and root_of(heads) == seal.root:
        return None
    return Finding(
        f"seal:{seal.day}", f"{seal.day} 封存的 {seal.count} 个链头被改动过（现有 {len(heads)} 个），与签过名的根不符。"
    )


def overdue(seals: Sequence[Seal]) -> Finding | None:
    """A day that some worker should long have sealed: the seal was deleted with all its heads, or nobody seals."""
    first = Event.objects.order_by("at").values_list("at", flat=True).first()
    if seals:
        day = seals[-1].day + timedelta(days=1)
    elif first:
        day = first.astimezone(clock.SCHOOL_TIME).date()
    else:
        return None
    if Seal(day=day).ends + OVERDUE >= clock.now():
        return None
    return Finding(f"seal:{day}", f"{day} 早该封存却没有：封存被删除了，或封存任务没有运行。请先与外部保存的副本核对。")


def read_saved(lines: Iterable[str]) -> list[dict[str, Any]]:
    """An outsider's copy, as `manage.py seals` wrote it. Refused: anything else, and a file without a single seal."""
    saved = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            one = json.loads(line)
            fields = ("day", "before", "count", "events", "root", "made_at", "public_key")
            body = seal_body(**{name: one[name] for name in fields})
            whole = one["digest"] == digest_of_body(body)
            whole = whole and keys.signed(body, signature=one["signature"], public_key=one["public_key"])
        except (ValueError, KeyError, TypeError):
            whole = False
        if not whole:
            raise NotASavedCopy(f"副本的第 {number} 行不是一份完整的封存，请换一份副本。")
        saved.append(one)
    if not saved:
        raise NotASavedCopy("副本里没有任何封存。")
    return saved


def flaw_against_copy(seals: Sequence[Seal], saved: Iterable[Mapping[str, Any]]) -> Finding | None:
    """The first day whose seal is gone, or was made again after the outsider saved it, by somebody holding the key."""
    ours = {one.day.isoformat(): one for one in seals}
    for one in sorted(saved, key=lambda line: line["day"]):
        day = one["day"]
        if day not in ours:
            return Finding(f"seal:{day}", f"{day} 的封存不见了，外部副本里有它。")
        if ours[day].line() != one:
            return Finding(f"seal:{day}", f"{day} 的封存与外部保存的副本不同：它在公布之后被重新做过。")
    return None
