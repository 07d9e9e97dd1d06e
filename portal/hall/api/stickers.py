"""贴纸 for programs: which there are, making those that are missing, and another code for a lost one."""

from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpRequest
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portal.cases.keys import once
from portal.errors import NotThere
from portal.hall.stickers.reach import KEEPING, unit_at
from portal.hall.stickers.sheet import address
from portal.orgs.policies import person
from portal.stickers import actions, queries
from portal.stickers.models import Sticker
from portal.wire.endpoint import Endpoint, Verb, shape
from portal.wire.fields import object_of
from portal.wire.paging import Keyset, PageForm, page_of

ORDER: Keyset[Sticker] = Keyset(("unit__path", "pk"), (str, int), lambda one: (one.unit.path, one.pk))


class StickerShape(serializers.Serializer[Any]):
    """A sticker: its code, where it is stuck, on what (blank: the place itself), and what its QR code says."""

    id = serializers.IntegerField()
    code = serializers.CharField()
    unit = serializers.IntegerField(source="unit_id")
    place = serializers.CharField(source="unit.place")
    about = serializers.CharField(allow_blank=True)
    scans_to = serializers.SerializerMethodField()
    made_at = serializers.DateTimeField()

    def get_scans_to(self, one: Sticker) -> str:
        """The address in its QR code."""
        return address(one)


MadeShape = shape("StickersMadeShape", "How many were made; those there were stay.", made=serializers.IntegerField())


class PlaceForm(forms.Form):
    """A place, and everything below it."""

    unit = forms.IntegerField(label="地点", min_value=1, max_value=2**63 - 1)


class StickerListForm(PageForm, PlaceForm):
    """Whose stickers: of the places there, or of the things that stand there."""

    things = forms.BooleanField(label="物品的，不是地点的", required=False)


class Stickers(Endpoint):
    """Living stickers at a place and below, and making the missing ones."""

    policies = {"GET": KEEPING, "POST": KEEPING}
    tag = "贴纸"
    verbs = {
        "GET": Verb("stickers", "贴纸：列表", "按地点的顺序。", asks=StickerListForm, gives=StickerShape, many=True, refuses=(404,)),
        "POST": Verb("stickers_make", "贴纸：补齐", "每处一张，已有的不变；一次最多 1,000 张。", takes=object_of(PlaceForm.base_fields),
                     gives=MadeShape, refuses=(404,)),
    }  # fmt: skip

    def get(self, request: Request) -> Response:
        """A page of them."""
        asked = self.asked()
        here = unit_at(self.here, str(asked["unit"]))
        rows = queries.things(here) if asked["things"] else queries.below(here)

        def ask(bounds: Q, back: bool, n: int) -> list[Sticker]:
            order = ("-unit__path", "-pk") if back else ("unit__path", "pk")
            return list(rows.filter(bounds).order_by(*order)[:n])

        return self.page(page_of(ask, ORDER, cursor=asked["cursor"], limit=asked["limit"]), StickerShape)

    def post(self, request: Request) -> Response:
        """Makes those that are missing."""
        here = unit_at(self.here, str(self.body(PlaceForm)["unit"]))
        return Response({"made": actions.make(here, by=person(self.here))})


class Revoked(Endpoint):
    """作废并补办: the old code is dead, another takes its place."""

    policies = {"POST": KEEPING}
    tag = "贴纸"
    verbs = {"POST": Verb("sticker_revoke", "贴纸：作废并补办", takes=object_of({}), gives=StickerShape, keyed=True)}

    def post(self, request: Request, pk: int) -> Response:
        """The new one, once per `Idempotency-Key`."""
        one = kept(self.here, pk)
        self.body(forms.Form)

        def effect() -> dict[str, Any]:
            fresh = actions.revoke(one, by=person(self.here))
            return dict(StickerShape(Sticker.objects.select_related("unit").get(pk=fresh.pk)).data)

        key = self.here.headers.get("Idempotency-Key", "")
        told, _ = once(by=person(self.here), key=key, asked=[self.here.path], effect=effect)
        return Response(told)


def kept(request: HttpRequest, pk: int) -> Sticker:
    """A sticker of a place this person keeps; to others it is not there."""
    one = Sticker.objects.select_related("unit__school").filter(pk=pk).first()
    if one is None:
        raise NotThere
    unit_at(request, str(one.unit_id))
    return one
