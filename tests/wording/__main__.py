"""Write the snapshots anew, to be looked at in the difference: ``uv run python -m tests.wording``."""

from __future__ import annotations

from tests.wording.said import LANGUAGES, find_snapshot, write_snapshot

for code in LANGUAGES:
    find_snapshot(code).write_text(write_snapshot(code), encoding="utf-8")
