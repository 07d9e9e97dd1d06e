"""One form of the canteen on its page, and the way here."""

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import HttpRequest
from django.urls import reverse

from canteen.models import Canteen
from portal.hall.settings.asking import Asking

HERE = "canteen"


def crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    """The way to a page of the canteen; the last one is the page itself, without an address."""
    return [("食堂", reverse("canteen:home")), *more]


def listed(words: str, name: str, canteen: Canteen | None = None) -> tuple[str, str]:
    """A list by the name of its address, on the way to what stands in it; of one canteen where it is a canteen's."""
    address = reverse(f"canteen:{name}")
    return words, f"{address}?canteen={canteen.pk}" if canteen else address


def books_of(canteen: Canteen) -> tuple[str, str]:
    """The books of one canteen."""
    return listed("账本", "books", canteen)


def asking(
    request: HttpRequest,
    form: Form,
    effect: Callable[[], str],
    *above: tuple[str, str],
    title: str,
    act: str,
    words: str = "",
    done: str = "已保存。",
    version: int | None = None,
    **more: Any,
) -> Asking:
    """A form with its title, the word on its button and a way back to the last of the pages `above`."""
    back = above[-1][1] if above else reverse("canteen:home")
    page: dict[str, Any] = {"title": title, "act": act, "words": words, "back": back, "here": HERE}
    page |= {"crumbs": crumbs(*above, (title, ""))}
    return Asking(request, form, "canteen/form.html", effect, done, version=version, context=page | more)
