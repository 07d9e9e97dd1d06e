"""大厅."""

from importlib import import_module

from django.apps import AppConfig
from django.conf import settings
from django.core.validators import ProhibitNullCharactersValidator

NUL = "内容里有看不见的空字符，请删掉从别处粘贴来的部分，重新输入。"


class Hall(AppConfig):
    """大厅."""

    name = "portal.hall"
    label = "hall"
    verbose_name = "大厅"

    def ready(self) -> None:
        """Every form's words for what cannot be seen; on a demo, its cast on the sign-in page."""
        ProhibitNullCharactersValidator.message = NUL
        if settings.DEMO:
            import_module("portal.hall.demo.affairs").take_stage()
