"""Every class a template names is known to a stylesheet: a class nobody styles is a page nobody looked at. And the other way
round: a rule that no page uses goes with the page it was for."""

import re
from pathlib import Path

import bootstrap_wrapper
from django.conf import settings

OURS = tuple(sorted((settings.BASE_DIR / "static").glob("*.css")))
SHEETS = (*OURS, bootstrap_wrapper.get_bootstrap_css_dir() / "bootstrap-reboot.min.css")
TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
ROOMS = ("portal", "repairs", "canteen", "safety_grid", "static")


def known(sheets: tuple[Path, ...] = SHEETS) -> set[str]:
    text = "".join(Path(sheet).read_text(encoding="utf-8") for sheet in sheets)
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"url\([^)]*\)", "", text)
    return set(re.findall(r"\.([a-zA-Z_][\w-]*)", text))


def named(text: str) -> set[str]:
    """The classes in a template's attributes; whatever is written by a tag inside them is left out, its words kept."""
    found: set[str] = set()
    for attribute in re.findall(r'\bclass="((?:[^"{]|\{%.*?%\}|\{\{.*?\}\})*)"', text):
        words = re.sub(r"\{%.*?%\}", " ", attribute)
        found |= set(re.sub(r"\S*\{\{.*?\}\}\S*", " ", words).split())
    return found


def test_no_template_names_a_class_that_no_stylesheet_knows() -> None:
    styled = known()
    unknown = {
        str(template.relative_to(settings.BASE_DIR)): sorted(missing)
        for template in TEMPLATES
        if (missing := named(template.read_text(encoding="utf-8")) - styled)
    }
    assert unknown == {}


def spoken() -> set[str]:
    """Words of the strings in our programs, where classes are chosen by what they say."""
    sources = [one for room in ROOMS for one in (settings.BASE_DIR / room).rglob("*.*") if one.suffix in (".py", ".js")]
    said = " ".join(
        text for one in sources for text in re.findall(r"[\"'`]([^\"'`\n]*)[\"'`]", one.read_text(encoding="utf-8"))
    )
    return set(re.findall(r"[\w-]+", said))


def test_no_stylesheet_has_a_rule_for_a_class_that_nothing_names() -> None:
    pages = [one.read_text(encoding="utf-8") for one in TEMPLATES]
    begun = {start for page in pages for start in re.findall(r"([\w-]+-)\{\{", page)}  # is-{{ tone }}
    used = spoken().union(*map(named, pages), *(re.findall(r"[\w-]+", one) for one in inserted(pages)))
    begun |= {word for word in used if word.endswith("-")}
    assert {one for one in known(OURS) - used if not one.startswith(tuple(begun))} == set()


def inserted(pages: list[str]) -> list[str]:
    """What pages hand to others: {% block shell_class %}shell shell-bare{% endblock %}, {% icon "pause" "i i-xl" %}."""
    handed = r"\{% block \w*class %\}([^{]*)\{% endblock|\{% icon [^%]*\"([^\"%]*)\" %\}"
    return ["".join(said) for page in pages for said in re.findall(handed, page)]


def test_the_check_itself_sees_an_unknown_class() -> None:
    assert named('<a class="btn {% if x %}btn-primary{% else %}no-such{% endif %} is-{{ tone }}">') - known() == {
        "no-such"
    }
