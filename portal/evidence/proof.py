"""Photos under the ledger's protection: each is the one its chain names by digest, and none is gone unless it says so."""

from portal.ledger.verification import Checked, Finding, lacking

from .models import Piece
from .store import digest_on_disk

# Whoever attaches writes the digests into the address's chain, as facts {"photos": {role: [digest, ...]}}.
_NAMED = """
    select event.address, named.digest #>> '{}' as sha256
    from ledger_event event, jsonb_path_query(event.facts, '$.photos.*[*]') as named(digest)
    where event.facts ? 'photos'
"""
# What was erased by a step of the law is named by the chain too; the gap is then no flaw.
_ERASED = """
    select event.address, named.digest #>> '{}' as sha256
    from ledger_event event, jsonb_path_query(event.facts, '$.erased[*]') as named(digest)
    where event.facts ? 'erased'
"""
# What a photo was covered with last, as its chain says; of erased photos nothing is left to compare.
_COVERED = f"""
    select address, shown as sha256 from (
        select distinct on (address, facts ->> 'piece') address, facts ->> 'photo' as sha256, facts ->> 'shown' as shown
        from ledger_event where verb = 'covered' and facts ? 'shown' order by address, facts ->> 'piece', seq desc
    ) last where (address, sha256) not in ({_ERASED})
"""  # noqa: S608 - two sentences of this file
_SHOWN = "select address, shown_sha256 as sha256 from evidence_piece where shown <> ''"
_HELD = """
    select address, sha256 from evidence_piece where address <> ''
    union all
    select reference.address, piece.sha256
    from evidence_reference reference join evidence_piece piece on piece.id = reference.piece_id
"""


def check() -> Checked:
    """Every attached piece is named by its chain and its file unchanged; every digest a chain names has its piece."""
    flaw = _first(_NAMED, f"{_HELD} union all {_ERASED}", "记录里的一张照片或文件不见了。") or _first(
        _HELD, _NAMED, "有一张照片或文件不在这件事的记录里，是后来换上的。"
    )
    flaw = flaw or _first(_COVERED, _SHOWN, "一张遮挡过的照片，遮挡不见了。")
    flaw = flaw or _first(_SHOWN, _COVERED, "一张照片的遮挡不在这件事的记录里。")
    count = 0
    if flaw is None:
        for piece in Piece.objects.exclude(address="").order_by("address", "pk").iterator():
            count += 1
            flaw = _on_disk(piece)
            if flaw:
                break
    return Checked(count, flaw)


def _first(these: str, but_not_those: str, sentence: str) -> Finding | None:
    """The first address and digest in one that the other does not have."""
    row = lacking(these, but_not_those)
    return Finding(row[0], f"{sentence}（{row[1][:12]}）") if row else None


def _on_disk(piece: Piece) -> Finding | None:
    for stored, sha256 in {(piece.stored, piece.sha256), (piece.front.stored, piece.front.sha256)}:
        found = digest_on_disk(stored)
        if found != sha256:
            sentence = "文件的内容与它的摘要不符，被改动过。" if found else "文件不见了。"
            return Finding(piece.address, f"照片 {piece.pk} 的{sentence}")
    return None
