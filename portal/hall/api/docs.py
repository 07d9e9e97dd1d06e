"""The API's description, made once, and a page to read and try it."""

from functools import cache
from typing import Any

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

from portal.errors import NotThere
from portal.orgs.policies import PUBLIC, guard


@guard(PUBLIC)
@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """OpenAPI 3.1."""
    return JsonResponse(described(), json_dumps_params={"ensure_ascii": False})


@cache
def described() -> dict[str, Any]:
    """The whole description; it follows from the code alone."""
    description: dict[str, Any] = SchemaGenerator().get_schema(public=True)
    return description


@guard(PUBLIC)
@require_safe
@csp_replace({"default-src": [NONE], "script-src": [SELF], "style-src": [SELF, UNSAFE_INLINE], "img-src": [SELF, "data:"],
              "connect-src": [SELF], "base-uri": [NONE], "frame-ancestors": [NONE], "form-action": [NONE]})  # fmt: skip
def docs(request: HttpRequest) -> HttpResponse:
    """Swagger UI: its own looser policy lets it style itself, and nothing else."""
    return render(request, "portal/api_docs.html")


@guard(PUBLIC)
def nothing(request: HttpRequest, **_: str) -> HttpResponse:
    """No such address for programs, and never a page instead."""
    raise NotThere
