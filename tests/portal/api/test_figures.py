"""Figures for programs: one value or split, only for those who see them, refusals in words."""

from typing import Any

import pytest

from portal.rollups.folding import fold
from tests.district import Cast, District

from .program import Program

AT = "/api/v1/figures"


def asked(person: Any, name: str, **query: Any) -> Any:
    return Program.of(person).get(f"{AT}/{name}", **query)


def test_the_list_names_every_figure_with_its_formula(reported: str, place: District, cast: Cast) -> None:
    said = Program.of(cast.hu).get(AT).json()
    assert said["units"] == [place.school.pk]
    assert {one["name"] for one in said["figures"]} >= {"repairs.reported", "repairs.late", "repairs.cost"}
    assert all(one["formula"] for one in said["figures"])


@pytest.mark.parametrize("by", ["", "school", "day", "week", "month", "topic"])
def test_a_count_is_the_same_however_it_is_split(reported: str, place: District, cast: Cast, by: str) -> None:
    fold()
    said = asked(
        cast.ouyang, "repairs.reported", unit=place.bureau.pk, by=by, since="2026-11-01", until="2026-11-20"
    ).json()
    assert sum(row["n"] for row in said["rows"]) == 1
    assert {"": 1, "school": 2, "day": 20, "week": 4, "month": 1, "topic": 1}[by] == len(said["rows"])


def test_a_live_figure_needs_no_days_and_is_split_by_school_only(reported: str, place: District, cast: Cast) -> None:
    rows = asked(cast.hu, "repairs.open").json()["rows"]
    assert rows == [{"key": "", "title": "柳溪镇中心小学", "value": "1.00", "n": 1, "over": 1}]
    refused = asked(cast.hu, "repairs.open", by="day")
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["by"])


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"since": "2026-11-20", "until": "2026-11-01"}, "since"),
        ({"since": "2020-01-01", "until": "2026-11-01"}, "since"),
        ({"by": "planet"}, "by"),
        ({"since": "gestern"}, "since"),
        ({"until": "0001-01-01"}, "since"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_name(reported: str, cast: Cast, query: dict[str, str], field: str) -> None:
    answer = asked(cast.hu, "repairs.reported", **query)
    assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])


def test_no_such_figure_and_no_such_school(reported: str, place: District, cast: Cast) -> None:
    assert asked(cast.hu, "repairs.nothing").status_code == 404
    assert asked(cast.hu, "repairs.reported", unit=place.far_school.pk).status_code == 404
    assert asked(cast.dora, "repairs.reported").status_code == 403
