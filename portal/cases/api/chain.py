"""The chain of a case for programs: each record as data, with its sentence, the words and the photos that came with it."""

from typing import Any

from django.db.models import Q
from rest_framework import serializers

from portal.cases.actors import Actor
from portal.cases.models import Case
from portal.cases.page import Material, sentence
from portal.cases.queries import history_of
from portal.evidence.api import LinkShape, link
from portal.ledger.models import Event
from portal.wire.endpoint import shape
from portal.wire.paging import Keyset, Page, page_of

IN_ORDER: Keyset[Event] = Keyset(("seq",), (int,), lambda event: (event.seq,))
WHO = ("person", "clock", "anonymous", "connector")


class WhoShape(serializers.Serializer[Any]):
    """Who did it; only people have an id."""

    kind = serializers.ChoiceField(choices=WHO)
    id = serializers.IntegerField(allow_null=True)
    name = serializers.CharField()


WordsShape = shape(
    "WordsShape", "Something said in words; erased when their author is.",
    name=serializers.CharField(), label=serializers.CharField(allow_blank=True), text=serializers.CharField(),
)  # fmt: skip


class EventShape(serializers.Serializer[Any]):
    """One record. `facts` hold ids, codes, times and digests; `before` and `digest` link it to its neighbours."""

    seq = serializers.IntegerField()
    at = serializers.DateTimeField()
    verb = serializers.CharField()
    who = WhoShape()
    sentence = serializers.CharField()
    facts = serializers.DictField()
    words = WordsShape(many=True)
    photos = LinkShape(many=True)
    before = serializers.CharField(allow_blank=True)
    digest = serializers.CharField()


def chain_page(case: Case, asked: dict[str, Any], *, by: Actor) -> Page[dict[str, Any]]:
    """A page of the case's records, oldest first."""

    def ask(bounds: Q, back: bool, n: int) -> list[Event]:
        return list(history_of(case).filter(bounds).order_by("-seq" if back else "seq")[:n])

    page = page_of(ask, IN_ORDER, cursor=asked["cursor"], limit=asked["limit"])
    have = Material.about(case, page.rows, []).as_seen(by)
    return Page([_told(have, event) for event in page.rows], page.next, page.previous)


def _told(have: Material, event: Event) -> dict[str, Any]:
    face = sentence(have, event)
    said: list[dict[str, Any]] = event.said  # type: ignore[attr-defined]
    return {
        "seq": event.seq,
        "at": event.at,
        "verb": event.verb,
        "who": _who(have, event),
        "sentence": face.did,
        "facts": event.facts,
        "words": [one | {"label": label} for one, (label, _) in zip(said, face.words, strict=True)],
        "photos": _photos(event),
        "before": event.before,
        "digest": event.digest,
    }


def _who(have: Material, event: Event) -> dict[str, Any]:
    kind, _, pk = event.who.partition(":")
    return {"kind": kind, "id": int(pk) if kind == "person" else None, "name": have.who(event)}


def _photos(event: Event) -> list[dict[str, Any]]:
    """Those the chain itself names."""
    digests = {digest for many in event.facts.get("photos", {}).values() for digest in many}
    shown: list[dict[str, Any]] = event.shown  # type: ignore[attr-defined]
    return [
        link(one["id"], one["kind"], one["shown_sha256"] or one["sha256"], covered=len(one["covered"]))
        for one in shown
        if one["sha256"] in digests
    ]
