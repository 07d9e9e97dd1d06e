"""Walks the portal as one person: every link of their own from the home page on, every form, and what is sent with it."""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from django.test import Client
from django.urls import Resolver404, resolve

MOST_ALIKE = 3  # pages of one route and one set of query names
MOST_PAGES = 150


@dataclass
class Form:
    """A form of a page: where it goes, how, and what would be sent if its button was pressed."""

    action: str
    method: str
    sent: dict[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> tuple[str, str, frozenset[str]]:
        """Forms of one kind are tried once."""
        return self.method, route_of(self.action), frozenset(self.sent)


class Page(HTMLParser):
    """What a browser sees of a page: links and forms."""

    def __init__(self, url: str, html: str) -> None:
        super().__init__()
        self.url, self.links, self.forms = url, [], []  # type: ignore[var-annotated]
        self._form, self._select = None, ""  # type: ignore[var-annotated]
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag in ("a", "link", "img", "script") and (told.get("href") or told.get("src")):
            self.links.append(urljoin(self.url, told.get("href") or told["src"]))
        elif tag == "form":
            self._form = Form(urljoin(self.url, told.get("action") or self.url), told.get("method", "get").upper())
            self.forms.append(self._form)
        elif tag in ("input", "textarea", "select", "button"):
            self._control(tag, told)
        elif tag == "option" and self._select and self._form and told.get("value"):
            self._form.sent[self._select] = self._form.sent[self._select] or told["value"]

    def _control(self, tag: str, told: dict[str, str]) -> None:
        if told.get("formaction") and self._form:
            self.forms.append(Form(urljoin(self.url, told["formaction"]), "POST", dict(self._form.sent)))
        name = told.get("name", "")
        if not name or self._form is None or name == "csrfmiddlewaretoken":
            return
        if told.get("type") in ("radio", "checkbox") and name in self._form.sent and "checked" not in told:
            return
        self._form.sent[name] = "" if told.get("type") == "file" else told.get("value", "")
        self._select = name if tag == "select" else ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None


def title_of(html: str) -> str:
    """What stands in the browser's tab; whole pages are not taken apart for it."""
    found = re.search(r"<title>(.*?)</title>", html, re.DOTALL)
    return found[1] if found else ""


def route_of(url: str) -> str:
    """The route behind an address of ours."""
    try:
        return str(resolve(urlsplit(url).path).route)
    except Resolver404:
        return f"nothing at {url}"


def like(url: str) -> tuple[str, frozenset[str]]:
    """Pages of one route, asked for in the same way, are alike."""
    names = [part.partition("=")[0] for part in urlsplit(url).query.split("&")]
    return route_of(url), frozenset(names)


@dataclass
class Walk:
    """One person's walk; `wrong` collects what should not be."""

    browser: Client
    wrong: list[str] = field(default_factory=list)
    seen: dict[tuple[str, frozenset[str]], int] = field(default_factory=dict)

    def pages(self, start: str = "/") -> Iterator[Page]:
        """Every page that can be reached by links, each kind a few times."""
        known, waiting = {start}, deque([(start, "")])
        while waiting and sum(self.seen.values()) < MOST_PAGES:
            url, source = waiting.popleft()
            page = self._open(url, source)
            if page is None:
                continue
            yield page
            for link in self._own(page.links):
                kind = like(link)
                if link not in known and self.seen.get(kind, 0) < MOST_ALIKE:
                    known.add(link)
                    self.seen[kind] = self.seen.get(kind, 0) + 1
                    waiting.append((link, url))

    def judge(self, answer: Any, what: str) -> str | None:
        """Notes a failure of ours and a page without a title; gives the page as it was sent, if it is one."""
        if answer.status_code >= 500 and "/healthz" not in what:
            self.wrong.append(f"{answer.status_code}: {what}")
        if answer.streaming or not answer.headers.get("Content-Type", "").startswith("text/html"):
            return None
        html: str = answer.content.decode()
        moved = 300 <= answer.status_code < 400
        if not moved and "HX-Request" not in what and not title_of(html).replace("阳光校务", "").strip(" ·\n"):
            self.wrong.append(f"no title: {what}")
        return html

    def _open(self, url: str, source: str) -> Page | None:
        answer = self.browser.get(url, follow=True)
        if answer.status_code in (400, 403, 404, 405, 422):
            self.wrong.append(f"{answer.status_code}: {url}, linked from {source}")
        html = self.judge(answer, f"GET {url}, linked from {source}")
        return None if html is None else Page(answer.redirect_chain[-1][0] if answer.redirect_chain else url, html)

    def _own(self, links: list[str]) -> list[str]:
        """Addresses on this server, but its static files."""
        plain = [urldefrag(link)[0] for link in links]
        return [one for one in plain if one.startswith("/") and not one.startswith(("//", "/static/"))]
