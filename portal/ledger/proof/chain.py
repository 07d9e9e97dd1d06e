"""One chain held against its own digests, the seals and its holder. Knows no Django and no database."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.ledger.digests import digest_of_spelled

EventRow = tuple[str, int, str, str, str, str, str, str]  # address, seq, verb, who, at, facts as JSON, before, digest
HeadRow = tuple[str, int, str, int]  # address, seq, digest, id of the seal
HolderRow = tuple[str, int, str]  # address, chain_seq, chain_head


@dataclass(frozen=True)
class Finding:
    """The first bad row and what is wrong with it, in one sentence.

    `row` is `case:17#3` for an event, `case:17#3-5` for one of several, `case:17` for a chain or its holder,
    `seal:2026-11-03` for a seal.
    """

    row: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.row}：{self.sentence}"


@dataclass(frozen=True)
class Calendar:
    """What the seals demand of the dates of events; moments as the digests spell them.

    `days` names the day of each seal by its id, `floors` the earliest moment of an event it may be the first to cover,
    `floor` the earliest moment of an event that no seal covers yet. An hour before the day began is allowed: a
    transaction under way at midnight may be written after its day was sealed.
    """

    days: Mapping[int, str]
    floors: Mapping[int, str]
    floor: str = ""


def flaw(
    address: str, events: Sequence[EventRow], heads: Sequence[HeadRow], holder: HolderRow | None, calendar: Calendar
) -> Finding | None:
    """The first thing wrong with a chain, or None."""
    return (
        broken(events) or _against_seals(address, events, heads, calendar) or _against_holder(address, events, holder)
    )


def broken(events: Sequence[EventRow]) -> Finding | None:
    """The first event of a chain that is missing, repeated, changed, or not linked to the one before."""
    last = ""
    for expected, (address, seq, verb, who, at, facts, before, digest) in enumerate(events, 1):
        if seq > expected:
            return Finding(f"{address}#{expected}", f"第 {expected} 条记录不见了。")
        if seq < expected:
            return Finding(f"{address}#{seq}", f"第 {seq} 条记录重复出现，有一条是插进来的。")
        if digest_of_spelled(address, seq, verb, who, at, json.loads(facts), before) != digest:
            return Finding(f"{address}#{seq}", f"第 {seq} 条记录的内容与它的摘要不符，被改动过。")
        if before != last:
            return _not_linked(address, seq)
        last = digest
    return None


def _not_linked(address: str, seq: int) -> Finding:
    if seq == 1:
        return Finding(f"{address}#1", "第 1 条记录之前本不该有记录，它却接着别的记录，被换过。")
    row = f"{address}#{seq - 1}-{seq}"
    return Finding(row, f"第 {seq} 条记录接不上第 {seq - 1} 条，其中一条被改写过并重算了摘要。")


def _against_seals(
    address: str, events: Sequence[EventRow], heads: Sequence[HeadRow], calendar: Calendar
) -> Finding | None:
    covered = 0
    for _, seq, digest, seal in heads:
        day = calendar.days[seal]
        if not events:
            return Finding(address, f"整条记录都不见了：{day} 封存时它有 {seq} 条记录。")
        if seq > len(events):
            missing = len(events) + 1
            return Finding(f"{address}#{missing}", f"第 {missing} 条记录不见了：{day} 封存时有 {seq} 条。")
        if events[seq - 1][7] != digest:
            row = f"{address}#{seq}" if seq == covered + 1 else f"{address}#{covered + 1}-{seq}"
            return Finding(row, f"与 {day} 的封存不符：这里有记录在封存之后被改写，并重新连成了链。")
        if found := _too_early(events[covered:seq], calendar.floors[seal], f"却到 {day} 才第一次被封存"):
            return found
        covered = seq
    return _too_early(events[covered:], calendar.floor, "却不在任何一次封存里")


def _too_early(events: Sequence[EventRow], floor: str, but: str) -> Finding | None:
    for address, seq, _, _, at, *_ in events:
        if at < floor:
            return Finding(f"{address}#{seq}", f"第 {seq} 条记录写着 {at[:19]}Z，{but}，是那一天封存之后补进来的。")
    return None


def _against_holder(address: str, events: Sequence[EventRow], holder: HolderRow | None) -> Finding | None:
    there = len(events)
    if holder is None:
        return Finding(address, f"有 {there} 条记录，数据库里却没有 {address} 这一行：它被删除了，或记录是凭空加的。")
    _, seq, head = holder
    if seq > there == 0:
        return Finding(address, f"整条记录都不见了：{address} 自己记着有 {seq} 条。")
    if seq > there:
        return Finding(f"{address}#{there + 1}", f"第 {there + 1} 条记录不见了：{address} 自己记着有 {seq} 条。")
    if seq < there:
        extra = seq + 1
        return Finding(
            f"{address}#{extra}", f"{address} 自己只记着 {seq} 条，第 {extra} 条是加进来的，或这一行被改过。"
        )
    if head != (events[-1][7] if events else ""):
        return Finding(address, f"{address} 记着的链头与最后一条（第 {there} 条）记录不符：链头或最后一条被改写过。")
    return None
