"""Moments in China, spelled as people write them."""

from datetime import datetime

from portal.clock import SCHOOL_TIME


def at(text: str) -> datetime:
    """`at("2026-03-02 08:00")` is eight in the morning in China."""
    return datetime.fromisoformat(text).replace(tzinfo=SCHOOL_TIME)
