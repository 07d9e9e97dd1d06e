"""Who I am, what waits for me, and where I may report."""

from typing import Any

from django import forms
from django.db.models import Q
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portal.cases.api.shapes import UnitShape
from portal.cases.queries import waiting_count
from portal.notices.queries import unread_count
from portal.orgs.access import places_for, report_scope
from portal.orgs.models import Unit, UnitKind, UnitQuerySet, User
from portal.orgs.policies import SIGNED_IN, person
from portal.orgs.queries import posts_of
from portal.wire.endpoint import Endpoint, Verb
from portal.wire.kinds import LARGEST
from portal.wire.paging import Keyset, PageForm, page_of

TAG = "我与单位"
IN_TREE: Keyset[Unit] = Keyset(("path",), (str,), lambda unit: (unit.path,))


class PostShape(serializers.Serializer[Any]):
    """A post: the role, at which unit, from which day until which."""

    role = serializers.CharField()
    title = serializers.CharField()
    unit = UnitShape()
    since = serializers.DateField()
    until = serializers.DateField(allow_null=True)


class MeShape(serializers.Serializer[Any]):
    """The person behind the token; `waiting` counts up to 1,000, `unread` up to 100."""

    id = serializers.IntegerField()
    username = serializers.CharField()
    name = serializers.CharField()
    home = UnitShape(allow_null=True)
    posts = PostShape(many=True)
    waiting = serializers.IntegerField()
    unread = serializers.IntegerField()


class UnitRowShape(UnitShape):
    """A unit in the tree; `has_more` says that there are units below it."""

    kind = serializers.ChoiceField(choices=UnitKind.values)
    name = serializers.CharField()
    has_more = serializers.SerializerMethodField()

    def get_has_more(self, unit: Unit) -> bool:
        """Whether there is anything below."""
        return bool(unit.numchild)


class UnitsForm(PageForm):
    """Which part of the tree."""

    parent = forms.IntegerField(
        label="上级单位", required=False, min_value=1, max_value=LARGEST, help_text="不填从您的最上级单位开始。"
    )
    q = forms.CharField(
        label="找", required=False, max_length=40, help_text="名称里的字；在 parent 之下找，不填则全部。"
    )


class Me(Endpoint):
    """The person behind the request."""

    policies = {"GET": SIGNED_IN}
    tag = TAG
    verbs = {"GET": Verb("me", "我是谁", gives=MeShape)}

    def get(self, request: Request) -> Response:
        """With posts, and what waits."""
        by = person(self.here)
        posts = [
            {"role": post.role, "title": title, "unit": post.unit, "since": post.since, "until": post.last_day}
            for post, title in posts_of(by)
        ]
        said = {"id": by.pk, "username": by.username, "name": by.name, "home": by.home, "posts": posts}
        return Response(MeShape(said | {"waiting": waiting_count(by), "unread": unread_count(by)}).data)


class Units(Endpoint):
    """The units in which the person may report or read."""

    policies = {"GET": SIGNED_IN}
    tag = TAG
    verbs = {
        "GET": Verb(
            "units",
            "单位与地点",
            "只有您可以报事或看得到的；school 不为空的才能作为报修地点。",
            asks=UnitsForm,
            gives=UnitRowShape,
            many=True,
        )
    }

    def get(self, request: Request) -> Response:
        """Children of one unit, or whatever is called so."""
        asked = self.asked()
        rows = _units(person(self.here), asked["parent"], asked["q"].strip())

        def ask(bounds: Q, back: bool, n: int) -> list[Unit]:
            return list(rows.filter(bounds).order_by("-path" if back else "path")[:n])

        return self.page(page_of(ask, IN_TREE, cursor=asked["cursor"], limit=asked["limit"]), UnitRowShape)


def _units(user: User, parent: int | None, words: str) -> UnitQuerySet:
    """Below a parent (one level without words), or from the person's own tops; nothing below what they may not see."""
    mine: UnitQuerySet = places_for(user)  # type: ignore[assignment]
    if parent is not None:
        top = mine.filter(pk=parent).first()
        if top is None:
            return mine.none()
        mine = mine.filter(path__startswith=top.path).exclude(pk=top.pk)
        return mine.filter(label__icontains=words) if words else mine.filter(depth=top.depth + 1)
    return (
        mine.filter(Q(label__icontains=words) | Q(name__icontains=words))
        if words
        else mine.filter(path__in=report_scope(user))
    )
