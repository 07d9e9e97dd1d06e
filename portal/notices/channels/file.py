"""For development: every message becomes one line of JSON in `outbox.jsonl` of the data folder."""

import json
import os

from django.conf import settings

from portal.notices.models import Notice
from portal.orgs.models import User

from .channel import Channel, link_of


class File(Channel):
    """Writes what would be sent; the line is on the disk before the message counts as sent."""

    code = "file"
    title = "文件（开发用）"

    def address_of(self, person: User) -> str | None:
        """Everybody has a line."""
        return person.username

    def send(self, person: User, notice: Notice) -> None:
        """Appends one line in one write, so that several deliverers never mix theirs."""
        message = {
            "notice": notice.pk,
            "to": self.address_of(person),
            "about": notice.about,
            "verb": notice.verb,
            "title": notice.title,
            "body": notice.body,
            "link": link_of(notice),
            "at": notice.at.isoformat(),
        }
        line = json.dumps(message, ensure_ascii=False).encode() + b"\n"
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
        outbox = os.open(settings.DATA_DIR / "outbox.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            if os.write(outbox, line) != len(line):
                raise OSError("the disk took only part of the line")
            os.fsync(outbox)
        finally:
            os.close(outbox)
