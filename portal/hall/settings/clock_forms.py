"""What an admin types about one clock: the time, in which time it runs, and the rungs, as plain rows of choices."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict

from portal.cases.flow import Rung
from portal.cases.settings import MOST_RUNGS, checked
from portal.errors import BadInput
from portal.widgets import Amount
from portal.worktime.spans import Measure, plain

from .limits import MEASURES, moment_words

Row = dict[str, str]
PARTS = ("tells", "when", "ack")
SHARES = ("0.5", "0.6", "0.7", "0.8", "0.9", "1")
PLUSES = ("0.5", "1", "2", "3", "4", "6", "8", "12", "16", "24", "36", "48", "72", "96", "120", "168")
ACKS = ("0.5", "1", "2", "4", "8", "24", "48")


def row_of(rung: Rung) -> Row:
    """A rung as a row of choices."""
    shared = rung.share is not None or not rung.plus
    when = f"share:{plain(rung.share or Decimal(1))}" if shared else f"plus:{plain(rung.plus or Decimal(0))}"
    return {"tells": rung.tells, "when": when, "ack": plain(rung.ack) if rung.ack else ""}


def rung_of(row: Mapping[str, str]) -> dict[str, str]:
    """A row of choices as a setting keeps it."""
    kind, _, amount = row["when"].partition(":")
    return {"tells": row["tells"], kind: amount} | ({"ack": row["ack"]} if row["ack"] else {})


def rows_typed(data: QueryDict) -> list[Row]:
    """The rows of a page, whatever stands in them."""
    numbers = [number for number in range(MOST_RUNGS + 1) if f"tells-{number}" in data]
    return [{part: data.get(f"{part}-{number}", "") for part in PARTS} for number in numbers]


class ClockForm(forms.Form):
    """The time (blank: as above), its measure, and as many rows as there are rungs, with spare ones at the end."""

    amount = forms.DecimalField(
        label="时限", required=False, min_value=Decimal("0.05"), max_value=Decimal(9999), decimal_places=2,
        widget=Amount("小时/天", attrs={"inputmode": "decimal"}),
    )  # fmt: skip
    measure = forms.ChoiceField(
        label="按什么时间走", required=False, choices=[("", "沿用"), *((code.value, words) for code, words in MEASURES.items())]
    )  # fmt: skip

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        rows: Iterable[Row] | None,
        known: Iterable[Row],
        tellers: list[tuple[str, str]],
        **options: Any,
    ) -> None:
        """`rows` are the rungs set right here; none where the ladder is taken over. `known` rungs hold today already."""
        super().__init__(data, **options)
        self.rows: list[list[forms.BoundField]] = []
        self.has_own_ladder = rows is not None
        known = list(known)
        self._choices = {
            "tells": [("", "不要这一级"), *tellers],
            "when": _with(_whens(), {row["when"] for row in known}, _when_words),
            "ack": _with(_acks(), {row["ack"] for row in known}, _ack_words),
        }
        for number, row in enumerate(rows or []):
            self._add_row(number, row)

    def _add_row(self, number: int, row: Row) -> None:
        for part, title in zip(PARTS, ("报给谁", "什么时候", "多久内知悉"), strict=True):
            made = forms.ChoiceField(label=f"第 {number + 1} 级{title}", required=False, choices=self._choices[part])
            self.fields[f"{part}-{number}"] = made
            self.initial.setdefault(f"{part}-{number}", row[part])
        self.rows.append([self[f"{part}-{number}"] for part in PARTS])

    def clean(self) -> dict[str, Any]:
        """A time and its measure go together; an own ladder has at least one rung; days are whole."""
        clean = super().clean() or self.cleaned_data
        amount, measure = clean.get("amount"), clean.get("measure")
        if measure and amount is None and "amount" not in self.errors:
            self.add_error("amount", "请填写时限；想沿用上级的，把“按什么时间走”改回“沿用”。")
        if amount is not None and not measure and "measure" not in self.errors:
            self.add_error("measure", "请选择按什么时间走。")
        if amount is not None and measure == Measure.DAYS and amount != amount.to_integral_value():
            self.add_error("amount", "上学日要写成整数。")
        if self.has_own_ladder and not any(name.partition("-")[0] in PARTS for name in self.errors):
            self._check_ladder()
        return clean

    def _check_ladder(self) -> None:
        """What the engine says of a ladder, said while it is only tried."""
        rungs = self.rungs()
        if not rungs:
            self.add_error(None, "阶梯至少留一级；不想另设，就点“改回沿用”。")
            return
        try:
            checked(rungs)
        except BadInput as wrong:
            self.add_error(None, wrong.sentence)

    def rungs(self) -> list[dict[str, str]] | None:
        """The rungs as a setting keeps them, without the rows left empty; none where the ladder is taken over."""
        if not self.has_own_ladder:
            return None
        numbered = range(len(self.rows))
        rows = [{part: self.cleaned_data.get(f"{part}-{number}", "") for part in PARTS} for number in numbered]
        return [rung_of(row) for row in rows if row["tells"] and row["when"]]


def _whens() -> list[tuple[str, str]]:
    rungs = [*(Rung("", share=Decimal(one)) for one in SHARES), *(Rung("", plus=Decimal(one)) for one in PLUSES)]
    return [(row_of(rung)["when"], moment_words(rung)) for rung in rungs]


def _acks() -> list[tuple[str, str]]:
    return [("", "不要求知悉"), *((one, _ack_words(one)) for one in ACKS)]


def _ack_words(amount: str) -> str:
    return f"{amount} 小时内须知悉"


def _when_words(code: str) -> str:
    kind, _, amount = code.partition(":")
    return moment_words(Rung("", share=Decimal(amount)) if kind == "share" else Rung("", plus=Decimal(amount)))


def _with(choices: list[tuple[str, str]], set_before: set[str], words: Callable[[str], str]) -> list[tuple[str, str]]:
    """The choices, and those set before that are not among them."""
    missing = set_before - {one for one, _ in choices} - {""}
    return [*choices, *((code, words(code)) for code in sorted(missing))]
