"""What must hold before the portal starts: a usable seal key, and one name for each kind of chain."""

from collections import Counter
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured

from . import keys
from .verification import holders


@register(Tags.models)
def one_name_for_each_chain(**_: Any) -> list[CheckMessage]:
    """Two models of one name would write to each other's chains."""
    names = Counter(one.kind for one in holders())
    return [
        Error(f"Two models that carry chains are called {name}: their addresses would collide.", id="ledger.E001")
        for name, count in names.items()
        if count > 1
    ]


@register(Tags.security)
def seal_key_is_a_key(**_: Any) -> list[CheckMessage]:
    """A malformed key would only be noticed at midnight."""
    try:
        keys.trusted()
    except ImproperlyConfigured as wrong:
        return [Error(str(wrong), id="ledger.E002")]
    return []


@register(Tags.security, deploy=True)
def seal_key_is_set(**_: Any) -> list[CheckMessage]:
    """Without a key no day is ever sealed."""
    if settings.SEAL_KEY:
        return []
    return [Error("SEAL_KEY is not set: no day will be sealed.", id="ledger.E003")]
