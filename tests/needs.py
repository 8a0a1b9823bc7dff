"""What some tests need beyond Python, or beyond a few minutes: those run with ``pytest --all`` alone.

Where a program is missing its tests skip and say so; where ``XLPROFIT_REQUIRE_ALL`` is set they fail instead. A few
tests of the first tier need the shared folder beside the repository.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

import pytest
from _pytest.mark import ParameterSet

FIRST_TIER = "XLPROFIT_FIRST_TIER"
"""Set in the environment by tests/conftest.py while the first tier alone runs, for what is imported afterwards."""

Case = TypeVar("Case")

REQUIRE_ALL = bool(os.environ.get("XLPROFIT_REQUIRE_ALL"))
"""Whether a missing program or folder is a failure."""

SOFFICE: str | None = shutil.which("soffice") or shutil.which("libreoffice")
"""LibreOffice's program, or nothing."""

CHROMIUM: str | None = shutil.which("chromium") or shutil.which("chromium-browser")
"""Chromium's program, or nothing."""

_FOLDER = Path(__file__).resolve().parents[2] / "shared"
SHARED: Path | None = _FOLDER if _FOLDER.is_dir() else None
"""The folder of shared data and golden cases, or nothing."""


def only_with_all(why: str, is_there: bool = True) -> pytest.MarkDecorator:
    """Mark a test that runs with ``--all`` alone: what it needs, whether that is there; see tests/conftest.py."""
    return pytest.mark.only_with_all(why, is_there)


needs_soffice = only_with_all("LibreOffice (soffice)", SOFFICE is not None)
"""Marks a test that runs LibreOffice."""

needs_chromium = only_with_all("Chromium (chromium)", CHROMIUM is not None)
"""Marks a test that opens a page in a browser."""

takes_minutes = only_with_all("more processor time than the first tier has")
"""Marks a test that is one of many alike, of which the first tier has a few; or that takes half a minute by itself."""


def few(cases: Iterable[Case], *first: Case) -> list[Case | ParameterSet]:
    """Return cases of which the first tier runs some, and ``--all`` the others too."""
    cases = list(cases)
    assert set(first) <= set(cases), set(first) - set(cases)
    return [case if case in first else pytest.param(case, marks=takes_minutes) for case in cases]


def is_first_tier() -> bool:
    """Whether the first tier alone runs."""
    return bool(os.environ.get(FIRST_TIER))


def examples(full: int) -> int:
    """Return how many examples of a property are tried: all of them with ``--all``, a fifth in the first tier."""
    return max(2, full // 5) if is_first_tier() else full


needs_shared = pytest.mark.skipif(
    SHARED is None and not REQUIRE_ALL, reason="the folder ../shared with the data and cases is not there"
)
"""Marks a test that reads the shared folder."""


def shared(*parts: str) -> Path:
    """Return a path in the shared folder; the test fails where there is no such folder."""
    if SHARED is None:
        pytest.fail("the folder ../shared is not there, and XLPROFIT_REQUIRE_ALL is set")
    return SHARED.joinpath(*parts)


def convert(path: Path, to: str, outdir: Path, *, timeout: float = 180.0) -> Path:
    """Convert a file with LibreOffice into ``to``, such as ``pdf`` or ``csv:"…"``; return the new file.

    Every call has a profile of its own, so that tests may run side by side. The file must not
    stand in ``outdir`` already under the new name, or an old one might pass for the new.
    """
    if SOFFICE is None:
        pytest.fail("LibreOffice (soffice) is not installed, and XLPROFIT_REQUIRE_ALL is set")
    target = outdir / f"{path.stem}.{to.split(':')[0]}"
    if target.exists():
        raise FileExistsError(target)
    with tempfile.TemporaryDirectory(prefix="xlprofit-lo-") as profile:
        command = [SOFFICE, f"-env:UserInstallation={Path(profile).as_uri()}", "--headless", "--norestore"]
        command += ["--convert-to", to, "--outdir", str(outdir), str(path)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)
    if not target.exists():
        pytest.fail(f"LibreOffice made no {target.name} of {path.name}: {done.stdout} {done.stderr}")
    return target
