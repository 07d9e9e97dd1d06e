"""Who sets the kitchen's cameras, and what their addresses must be."""

from decimal import Decimal
from typing import Any

from portal.errors import BadInput
from portal.outbound.connectors.web import refuse_endpoint
from portal.worktime.spans import Measure, Span


def mend_time(case: Any) -> Span:
    """A silent camera is back within a day, by the wall clock (our own default)."""
    return Span(Decimal(24), Measure.WALL)


def fit_addresses(stream: str, still: str) -> None:
    """One at least; https and public, or listed by the operator, as for every address the portal speaks to."""
    if not stream and not still:
        raise BadInput("请填视频地址或截图地址。", errors={"stream": ["请填视频地址或截图地址，至少一个。"]})
    for name, said in (("stream", stream), ("still", still)):
        if said:
            try:
                refuse_endpoint(said)
            except BadInput as no:
                raise BadInput(no.sentence, errors={name: [no.sentence]}) from no
    if stream and not stream.partition("?")[0].endswith(".m3u8"):
        raise BadInput("视频地址要是 HLS 的 .m3u8。", errors={"stream": ["视频地址要以 .m3u8 结尾（HLS）。"]})
