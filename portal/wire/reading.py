"""JSON as it comes: small enough, UTF-8, and without what JSON does not have."""

import json
from collections.abc import Mapping
from typing import IO, Any

from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser

MOST_BYTES = 1024 * 1024


class TooLarge(APIException):
    """More than a megabyte of JSON (HTTP 413)."""

    status_code = 413
    default_detail = "内容超过 1 MB。"


class Json(BaseParser):
    """Reads a body of at most 1 MB as UTF-8 JSON, whatever charset it claims; NaN and endless nesting are refused."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """The value, or an error fit for the person."""
        raw = stream.read(MOST_BYTES + 1)
        if len(raw) > MOST_BYTES:
            raise TooLarge
        try:
            return json.loads(raw.decode("utf-8-sig"), parse_constant=_refuse)
        except (ValueError, RecursionError) as error:
            raise ParseError("内容不是正确的 JSON（UTF-8 编码）。") from error


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
