"""How the API describes itself (OpenAPI 3.1): from what each verb says of itself, its policies, and every refusal."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from portal.orgs.policies import PUBLIC, policies_of
from portal.wire.endpoint import Verb, shape
from portal.wire.fields import schema_of

PROBLEM = "application/problem+json"
SAYS = {
    304: "没有变化：您手上的就是最新的（If-None-Match）",
    400: "内容无法读取，如不是正确的 JSON",
    401: "没有令牌，或令牌无效、已作废",
    403: "您的岗位不能办，或者还差验证码、新密码",
    404: "没有，或者您无权知道有没有",
    409: "这件事现在不能办这一步",
    412: "您看过之后这件事又有了进展，没有写入",
    413: "内容太大",
    415: "Content-Type 不对",
    422: "有的内容不合要求，errors 按项说明；或 Idempotency-Key 已用于另一次请求",
    429: "太频繁，请等 Retry-After 秒",
}
KEY = "每次提交自拟一个，最多 80 个可见字符；网络中断后带同一个再发，不会办两次。"
MATCH = '看到的版本，如 "3"，取自 ETag 或 version；之后有了别的进展就不写入，回答 412。'


LINES = serializers.ListField(child=serializers.CharField())
Problem = shape("Problem", "A refusal (RFC 9457).",
    type=serializers.CharField(), title=serializers.CharField(), status=serializers.IntegerField(),
    detail=serializers.CharField(help_text="给人看的一句话"),
    rule=serializers.CharField(required=False, help_text="依据的规则"),
    who=serializers.CharField(required=False, help_text="谁能办"),
    instead=serializers.CharField(required=False, help_text="现在可以怎么做"),
    errors=serializers.DictField(child=LINES, required=False, help_text="按项说明"),
)  # fmt: skip


class Schema(AutoSchema):
    """Describes one operation."""

    @property
    def verb(self) -> Verb:
        """What the address says of this verb."""
        verb: Verb = self.view.verbs[self.method]
        return verb

    @property
    def public(self) -> bool:
        """Whether nobody has to be signed in."""
        return policies_of(type(self.view)).get(self.method) == PUBLIC.code

    def get_operation_id(self) -> str:
        """Stable, for generated clients."""
        return self.verb.name

    def get_summary(self) -> str:
        """The title."""
        return self.verb.title

    def get_description(self) -> str:
        """What there is to know."""
        return self.verb.about

    def get_serializer_name(self, serializer: Any, direction: Any) -> str:
        """`CaseShape` is a Case to a program."""
        name: str = super().get_serializer_name(serializer, direction)
        return name.removesuffix("Shape")

    def get_tags(self) -> list[str]:
        """By kind of case, or by room."""
        return [self.view.tag]

    def get_auth(self) -> list[dict[str, list[str]]]:
        """A token, but for what is public."""
        return [] if self.public else [{"bearer": []}]

    def get_request_serializer(self) -> Any:
        """The body, as the form behind it wants it."""
        return {self.verb.media: self.verb.takes} if self.verb.takes else None

    def _get_request_body(self, direction: Any = "request") -> Any:
        """A body may only be left out where no field is required."""
        body = super()._get_request_body(direction)
        return body | {"required": True} if body and (self.verb.takes or {}).get("required") else body

    def get_override_parameters(self) -> list[OpenApiParameter]:
        """The query's form, the headers of writes, and the headers of answers."""
        verb, header, query = self.verb, OpenApiParameter.HEADER, OpenApiParameter.QUERY
        fields = verb.asks.base_fields if verb.asks else {}
        found = [
            OpenApiParameter(name, schema_of(field), query, required=field.required) for name, field in fields.items()
        ]
        if verb.keyed:
            found.append(OpenApiParameter("Idempotency-Key", _text(80), header, description=KEY))
            found.append(_sent("Idempotency-Replayed", verb.status, "true：同一个键已经办过，这是当时的回答"))
            found.append(_sent("ETag", verb.status, "版本，办下一步时放进 If-Match"))
        if verb.versioned:
            found.append(OpenApiParameter("If-Match", _text(80), header, description=MATCH))
        found += [_sent("WWW-Authenticate", 401, "Bearer")]
        found += [_sent("Retry-After", 429, "秒")] if 429 in verb.refuses else []
        return found

    def get_response_serializers(self) -> dict[Any, Any]:
        """The answer, and every refusal there may be."""
        verb = self.verb
        said = OpenApiResponse(description="办好了" if self.method == "POST" else "回答")
        said.response = self._page() if verb.many else verb.gives
        good: dict[Any, Any] = {verb.status: said}
        if verb.serves:
            file = OpenApiResponse({"type": "string", "format": "binary"}, description="文件本身")
            good = {(200, *verb.serves): file, 304: OpenApiResponse(description=SAYS[304])}
        problems = {
            (status, PROBLEM): OpenApiResponse(Problem, description=SAYS[status]) for status in self._refusals()
        }
        return good | problems

    def _refusals(self) -> list[int]:
        found = {400, 401, 422, *self.verb.refuses}
        found |= set() if self.public else {403}
        found |= {413, 415} if self.verb.takes else set()
        found |= {404} if "{" in self.path else set()
        return sorted(found)

    def _page(self) -> dict[str, Any]:
        row = self.resolve_serializer(self.verb.gives, "response").ref
        turn = {"type": ["string", "null"], "format": "uri-reference"}
        properties = {"results": {"type": "array", "items": row}, "next": turn, "previous": turn}
        return {"type": "object", "properties": properties, "required": list(properties)}


def tidied(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """The description without the generator's own marks."""
    for component in result["components"]["schemas"].values():
        for one in component.get("properties", {}).values():
            one.pop("x-spec-enum-id", None)
    return result


def _text(most: int) -> dict[str, Any]:
    return {"type": "string", "maxLength": most}


def _sent(name: str, status: int, about: str) -> OpenApiParameter:
    schema = {"type": "string"}
    return OpenApiParameter(name, schema, OpenApiParameter.HEADER, description=about, response=[status])
