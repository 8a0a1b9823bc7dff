"""A sentence changes only on purpose: what is said is what en.txt and fi.txt hold."""

from __future__ import annotations

import pytest

from tests.needs import takes_minutes
from tests.wording.said import find_snapshot, write_snapshot


@pytest.mark.parametrize("code", ["en", pytest.param("fi", marks=takes_minutes)])
def test_what_is_said_is_what_was_agreed_on(code: str) -> None:
    assert (
        write_snapshot(code).splitlines() == find_snapshot(code).read_text(encoding="utf-8").splitlines()
    ), "if it is meant: uv run python -m tests.wording"
