"""Every class a template names is known to a stylesheet: a class nobody styles is a page nobody looked at."""

import re
from pathlib import Path

import bootstrap_wrapper
from django.conf import settings

SHEETS = (
    settings.BASE_DIR / "static" / "sunlit.css",
    settings.BASE_DIR / "static" / "stickers.css",
    settings.BASE_DIR / "static" / "cover.css",
    settings.BASE_DIR / "static" / "grid.css",
    settings.BASE_DIR / "static" / "public.css",
    bootstrap_wrapper.get_bootstrap_css_dir() / "bootstrap-reboot.min.css",
)
UNSTYLED = {"shell-bare"}  # names a state for people who read the markup; add one only with its reason


def known() -> set[str]:
    text = "".join(Path(sheet).read_text(encoding="utf-8") for sheet in SHEETS)
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return set(re.findall(r"\.([a-zA-Z_][\w-]*)", text))


def named(text: str) -> set[str]:
    """The classes in a template's attributes; whatever is written by a tag inside them is left out, its words kept."""
    found: set[str] = set()
    for attribute in re.findall(r'\bclass="((?:[^"{]|\{%.*?%\}|\{\{.*?\}\})*)"', text):
        words = re.sub(r"\{%.*?%\}", " ", attribute)
        found |= set(re.sub(r"\S*\{\{.*?\}\}\S*", " ", words).split())
    return found


def test_no_template_names_a_class_that_no_stylesheet_knows() -> None:
    styled = known() | UNSTYLED
    unknown = {
        str(template.relative_to(settings.BASE_DIR)): sorted(missing)
        for template in sorted((settings.BASE_DIR / "templates").rglob("*.html"))
        if (missing := named(template.read_text(encoding="utf-8")) - styled)
    }
    assert unknown == {}


def test_the_check_itself_sees_an_unknown_class() -> None:
    assert named('<a class="btn {% if x %}btn-primary{% else %}no-such{% endif %} is-{{ tone }}">') - known() == {
        "no-such"
    }
