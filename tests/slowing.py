"""`SLOW=1 make test TESTS=tests/browser`: a slow server behind a slow line, so that what races is seen to race.

Pages come up to 0.4 s later and files up to 0.8 s, each by chance. For a slow phone let CHROMIUM name a script that starts
Chromium by `nice -n 19`, beside something that keeps every core busy.
"""

import os
import random
import time
from typing import Any

SLOW = bool(os.environ.get("SLOW"))


def slowed(app: Any) -> Any:
    """The same portal, each answer of which comes late."""

    def late(environ: dict[str, Any], start: Any) -> Any:
        is_file = environ["PATH_INFO"].startswith("/static/")
        time.sleep(random.uniform(0.3, 0.8) if is_file else random.uniform(0.05, 0.4))
        return app(environ, start)

    return late
