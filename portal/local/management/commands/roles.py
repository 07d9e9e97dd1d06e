"""`manage.py roles`: on a database of your own, makes the app role before the first migration."""

import os
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.management import BaseCommand, CommandError

from portal.local.roles import connected, let_run, make_role


class Command(BaseCommand):
    help = "Makes the role of DATABASE_URL, as the owner in MIGRATE_DATABASE_URL, who must be allowed to."
    requires_system_checks = []

    def handle(self, **options: Any) -> None:
        owner_url, app_url = (os.environ.get(name, "") for name in ("MIGRATE_DATABASE_URL", "DATABASE_URL"))
        owner, app = urlsplit(owner_url), urlsplit(app_url)
        if not (owner.username and app.username) or owner.username == app.username:
            raise CommandError("MIGRATE_DATABASE_URL and DATABASE_URL must name two different roles.")
        with connected(owner_url) as cursor:
            make_role(cursor, unquote(app.username), unquote(app.password or ""))
            let_run(cursor, owner=unquote(owner.username), app=unquote(app.username))
