"""贴纸."""

from django.apps import AppConfig


class Stickers(AppConfig):
    """贴纸: a code on every door, so that a report knows its place."""

    name = "portal.stickers"
    label = "stickers"
    verbose_name = "贴纸"
