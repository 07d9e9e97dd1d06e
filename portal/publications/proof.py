"""Publications under the ledger's protection: each is what its chain says by digest, what was signed, none is gone or slipped in."""

import json

from django.db import connection

from portal.evidence.store import digest_on_disk
from portal.ledger.verification import Checked, Finding, lacking

from .content import canonical, digest_of
from .models import Issue, Publication, Receipt, Rendition

_SAID = """
    select event.address, (event.facts ->> 'version')::int as version, event.facts ->> 'digest' as digest, event.at
    from ledger_event event
    where event.address like 'issue:%' and event.verb in ('published', 'corrected', 'retracted')
"""
_HELD = """
    select 'issue:' || issue_id, version::int, digest, at from publications_publication
"""


_READ = """
    select event.address, (event.facts ->> 'version')::int as version, event.who, event.at
    from ledger_event event where event.address like 'issue:%' and event.verb = 'read'
"""
_RECEIPTS = """
    select 'issue:' || issue_id, version::int, 'person:' || reader_id, at from publications_receipt
"""


def check_receipts() -> Checked:
    """已阅 against chains in both directions: none is gone, slipped in, of another reader or moved in time."""
    flaw = _first(_READ, _RECEIPTS, "记录里的一次已阅不见了。") or _first(
        _RECEIPTS, _READ, "有一次已阅不在记录里，是后来放进去或改动过的。"
    )
    return Checked(Receipt.objects.count(), flaw)


def check() -> Checked:
    """Rows against chains in both directions, payloads against digests, issues against their latest version, files."""
    flaw = (
        _first(_SAID, _HELD, "记录里的一份公示不见了。")
        or _first(_HELD, _SAID, "有一份公示不在记录里，是后来放进去或改动过的。")
        or _wrong_pointer()
    )
    if flaw:
        return Checked(0, flaw)
    count, signed = 0, _signed()
    for one in Publication.objects.order_by("pk").iterator():
        count += 1
        if digest_of(one.payload) != one.digest:
            return Checked(
                count, Finding(f"issue:{one.issue_id}", f"第 {one.version} 版的内容与它的摘要不符，被改动过。")
            )
        if one.version == 1 and one.issue_id in signed and _content(one) != signed[one.issue_id]:
            return Checked(count, Finding(f"issue:{one.issue_id}", "公示的内容不是签字的那一份。"))
    return Checked(count, _wrong_file())


def _content(made: Publication) -> str:
    """The digest of what a version says, without its frame."""
    return digest_of(canonical(json.loads(made.payload).get("content", {})))


# What was signed last before a duty came out, by the digest its chain names.
_SIGNED = """
    select distinct on (issue.id) issue.id, event.facts ->> 'content'
    from publications_issue issue join ledger_event event on event.address = 'case:' || issue.case_id
    where issue.current > 0 and event.facts ? 'content' order by issue.id, event.seq desc
"""


def _signed() -> dict[int, str]:
    """Issue -> digest of the content that was signed."""
    with connection.cursor() as cursor:
        cursor.execute(_SIGNED)
        return dict(cursor.fetchall())


def _first(these: str, but_not_those: str, sentence: str) -> Finding | None:
    row = lacking(these, but_not_those)
    return Finding(row[0], f"{sentence}（第 {row[1]} 版）") if row else None


def _wrong_pointer() -> Finding | None:
    """An issue that shows another version than its latest."""
    for issue in Issue.objects.raw(
        "select i.* from publications_issue i left join lateral (select version, withdrawn from publications_publication p "
        "where p.issue_id = i.id order by version desc limit 1) latest on true "
        "where i.current <> coalesce(latest.version, 0) or i.withdrawn <> coalesce(latest.withdrawn, false) limit 1"
    ):
        return Finding(issue.address, "现行版本不是最后公示的那一版。")
    return None


def _wrong_file() -> Finding | None:
    for one in Rendition.objects.select_related("publication").order_by("pk").iterator():
        found = digest_on_disk(one.stored)
        if found != one.digest:
            sentence = "的文件被改动过。" if found else "的文件不见了。"
            return Finding(f"issue:{one.publication.issue_id}", f"第 {one.publication.version} 版{sentence}")
    return None
