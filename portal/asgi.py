"""The web process under an ASGI server; it refuses to start where it would be unsafe to serve people."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
application = get_asgi_application()

from portal.local.safety import refuse_unsafe_start  # noqa: E402 - it needs the apps to be loaded

refuse_unsafe_start()
