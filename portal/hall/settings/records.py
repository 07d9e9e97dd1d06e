"""记录核对: the daily seals, for admins and for everybody."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control

from portal.ledger import feeds, keys
from portal.ledger.proof.seals import flaw_in_seals, overdue
from portal.ledger.queries import published
from portal.orgs.policies import ADMIN, PUBLIC, guard

from . import almanac
from .frame import frame, paged

AGE = 300  # seconds a copy of the public pages may be kept
LATEST = 30


@guard(GET=ADMIN)
def records(request: HttpRequest) -> HttpResponse:
    """The latest seals and whether they hold, and where outsiders find them."""
    before = almanac.day_asked(request.GET.get("after", ""))
    seals, last = paged(list(published(before=before, count=LATEST + 1)), LATEST)
    page = {"seals": seals, "last": last, "sound": sound(), "keys": sorted(map(keys.fingerprint, keys.trusted()))}
    words = "每天零点过后，前一天的全部记录封存成一行签过名的摘要。"
    return render(request, "settings/records.html", page | frame("记录核对", words=words))


@guard(GET=PUBLIC)
@cache_control(public=True, max_age=AGE)
def seals(request: HttpRequest) -> HttpResponse:
    """Every seal with its full digest, for everybody; no script, nothing personal."""
    page = feeds.page(before=almanac.day_asked(request.GET.get("before", "")), count=LATEST)
    return render(request, "settings/seals.html", page)


@guard(GET=PUBLIC)
@cache_control(public=True, max_age=AGE)
def feed(request: HttpRequest) -> HttpResponse:
    """The seals as an Atom feed."""
    page, here = (request.build_absolute_uri(reverse(name)) for name in ("seals", "seals-feed"))
    return HttpResponse(feeds.atom(page=page, feed=here), content_type="application/atom+xml; charset=utf-8")


@guard(GET=PUBLIC)
@cache_control(public=True, max_age=AGE)
def download(request: HttpRequest) -> StreamingHttpResponse:
    """Every seal, one line each: what `manage.py verify --seals FILE` reads."""
    answer = StreamingHttpResponse(
        (f"{line}\n" for line in feeds.lines()), content_type="application/jsonl; charset=utf-8"
    )
    answer["Content-Disposition"] = 'attachment; filename="seals.jsonl"'
    return answer


def sound() -> tuple[str, str]:
    """Whether the latest seals hold: a tone and a sentence. Signatures, digests and their order; not every event."""
    latest = list(published(count=LATEST + 1))[::-1]
    if not latest:
        return "off", "还没有封存过。第一个封存在第一天结束后的零点做。"
    if not keys.trusted():
        return "late", "没有设置封存密钥（SEAL_KEY），封存没有在做，也核对不了。"
    after = latest.pop(0) if len(latest) > LATEST else None
    found = flaw_in_seals(latest, keys.trusted(), after=after) or overdue(latest)
    if found:
        return "late", found.sentence
    return "done", f"最近 {len(latest)} 天的封存签名有效、首尾相接，到 {latest[-1].day} 为止。"
