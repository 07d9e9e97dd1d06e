"""Pages of one school that an affair keeps for everybody beside its boards, such as what its people were asked and answered."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from portal.orgs.models import Unit

from .queries import school_code


@dataclass(frozen=True)
class SitePage:
    """One such page; writing one registers it. Its address takes the school's code, as do those of the `more` (title, name).

    `there` says whether a school has it at all.
    """

    title: str
    about: str
    icon: str
    url_name: str
    there: Callable[[Unit], bool]
    more: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        SITES[self.url_name] = self


@dataclass(frozen=True)
class SiteLink:
    """A page as a school's site links to it."""

    page: SitePage
    url: str
    more: tuple[tuple[str, str], ...]


SITES: dict[str, SitePage] = {}


def links_of(school: Unit) -> list[SiteLink]:
    """The pages this school has. One question each."""
    code = school_code(school)
    return [
        SiteLink(
            one,
            reverse(one.url_name, args=[code]),
            tuple((title, reverse(name, args=[code])) for title, name in one.more),
        )
        for one in SITES.values()
        if one.there(school)
    ]
