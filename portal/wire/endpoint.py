"""An address for programs: each verb says once what it takes and gives; the view reads it, and so does the schema."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer, Field, Serializer
from rest_framework.views import APIView

from .fields import misspelled, read, refuse, valid
from .kinds import Schema
from .paging import Page

Shape = type[BaseSerializer[Any]] | BaseSerializer[Any]


@dataclass(frozen=True)
class Verb:
    """One verb of an address, under a stable name. `asks` is the form of its query, `takes` the schema of its body
    (of media type `media`), `gives` the shape of its answer (`many`: a page of them), `serves` the types of files it
    answers with instead, `refuses` its own error answers. `keyed` writes take an `Idempotency-Key`, `versioned` ones `If-Match`.
    """

    name: str
    title: str
    about: str = ""
    asks: type[forms.Form] | None = None
    takes: Schema | None = None
    media: str = "application/json"
    gives: Shape | None = None
    many: bool = False
    serves: tuple[str, ...] = ()
    status: int = 200
    refuses: tuple[int, ...] = ()
    keyed: bool = False
    versioned: bool = False


def shape(name: str, about: str, /, **fields: Field[Any, Any, Any, Any]) -> type[Serializer[Any]]:
    """A shape whose fields may be called what they are called, even `label`, `required` or `fields`."""
    return type(name, (Serializer,), {**fields, "__doc__": about})


class Endpoint(APIView):
    """Reads what a program asks by the forms its verbs name, and answers in pages."""

    http_method_names = ["get", "head", "post", "put", "patch", "delete"]
    tag: str = ""
    verbs: Mapping[str, Verb] = {}  # on the class, or given where the address is written

    @property
    def here(self) -> HttpRequest:
        """The request as the rest of the portal knows it."""
        return self.request._request

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuses a body of another type than this address reads, before anybody takes it for an empty one."""
        super().initial(request, *args, **kwargs)
        kind = (request.content_type or "").partition(";")[0].strip().lower()
        if request.method == "POST" and kind not in {"", *(parser.media_type for parser in self.parser_classes)}:
            raise UnsupportedMediaType(kind)

    def finalize_response(self, *args: Any, **kwargs: Any) -> Response:
        """What one person may see is kept by nobody in between, unless the answer says otherwise."""
        answer = super().finalize_response(*args, **kwargs)
        answer.headers.setdefault("Cache-Control", "no-store")
        return answer

    def asked(self) -> dict[str, Any]:
        """The clean query. Refused: names the address does not know, one said twice, one said without a value, odd days."""
        form_class = self.verbs["GET"].asks or forms.Form
        known = form_class.base_fields
        refuse({name[:60]: ["没有这个参数，请去掉。"] for name in self.here.GET if name not in known})
        asked = {name: misspelled(known[name], values) for name, values in self.here.GET.lists()}
        refuse({name: [wrong] for name, wrong in asked.items() if wrong})
        return valid(form_class(self.here.GET))

    def body(self, form_class: type[forms.Form]) -> dict[str, Any]:
        """The clean body, read by a form."""
        return valid(form_class(read(form_class.base_fields, self.request.data)))

    def page(self, page: Page[Any], shape: type[BaseSerializer[Any]], **context: Any) -> Response:
        """A page's answer; its neighbours are addresses on this server."""
        rows = shape(page.rows, many=True, context=context).data
        return Response({"results": rows, "next": self._turned(page.next), "previous": self._turned(page.previous)})

    def _turned(self, cursor: str) -> str | None:
        if not cursor:
            return None
        kept = {name: value for name, value in self.here.GET.items() if name != "cursor"}
        return f"{self.here.path}?{urlencode(kept | {'cursor': cursor})}"
