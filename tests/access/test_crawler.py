"""As each of eight people: no link leads nowhere, no page is without a title, and no form can be made to fail."""

import pytest

from .crawling import Form, Page, Walk
from .people import Visitor
from .world import World, undone

pytestmark = pytest.mark.django_db
EIGHT = ["教师", "报修调度", "维修员", "总务主任", "校长", "局后勤", "局管理员", "家长"]
GARBAGE = [
    "", "灯\x00", "😀𠮷", "-1", "9" * 40, "NaN", "1e999", "0000-00-00", "99999-12-31", "2026-02-31", "0001-01-01", "9999-12-31",
    "<script>alert(1)</script>", "' or 1=1 --", "%s%n{}{{7*7}}", "../../etc/passwd", "//evil.example", "灯" * 35_000,
]  # fmt: skip
tried: set[object] = set()


@pytest.mark.parametrize("name", EIGHT)
def test_links_lead_somewhere_and_forms_do_not_break(world: World, name: str) -> None:
    who = world.people[name]
    with undone():
        involve(world, who)
        walk = Walk(who.browser)
        found: dict[object, Form] = {}
        for page in walk.pages():
            found |= {form.kind: form for form in page.forms}
        assert len(walk.seen) > 8
        for kind, form in found.items():
            if kind not in tried:
                tried.add(kind)
                break_it(walk, form)
    assert walk.wrong == []


def involve(world: World, who: Visitor) -> None:
    """The person has a part in a case of every kind, so that their pages have every button."""
    for state, relation in {
        "待验收": "自己发起",
        "维修中": "派给自己",
        "待上门": "派给自己",
        "已办结": "自己发起",
        "待受理，已超时": "上报到我",
    }.items():
        world.relate(world.cases[state], who, relation)


def break_it(walk: Walk, form: Form) -> None:
    """Sends the form empty, filled with garbage, and with one field of garbage at a time."""
    for sent in [{}, *garbage(form)]:
        with undone():
            ask = walk.browser.post if form.method == "POST" else walk.browser.get
            before = dict(walk.browser.cookies)
            answer = ask(form.action, sent)
            what = {field: value[:20] for field, value in sent.items() if value != form.sent.get(field)}
            walk.judge(answer, f"{form.method} {form.action} {what}")
            walk.browser.cookies.clear()
            walk.browser.cookies.update(before)


def garbage(form: Form) -> list[dict[str, str]]:
    """All fields at once for each kind of garbage; then field by field, the others as the page had them."""
    fields = [name for name in form.sent if name != "key"]
    found = [dict.fromkeys(fields, value) for value in GARBAGE]
    for at, name in enumerate(fields):
        found += [form.sent | {name: value} for value in GARBAGE[at % 6 :: 6]]
    return found


def test_the_crawler_itself_sees_what_is_wrong(world: World) -> None:
    walk = Walk(world.people["教师"].browser)
    assert list(walk.pages("/nowhere/")) != []
    assert walk.wrong == ["404: /nowhere/, linked from "]
    page = Page(
        "/a/",
        '<title>x</title><form action="b" method="post"><input name="c" value="1"><select name="d"><option value="2"></select></form>',
    )
    assert [(one.action, one.method, one.sent) for one in page.forms] == [("/a/b", "POST", {"c": "1", "d": "2"})]
