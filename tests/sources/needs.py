"""What the tests of sources need beyond Python: PostgreSQL's programs, a Java runtime and pyspark.

Where one is missing its tests skip and say so; where ``XLPROFIT_REQUIRE_ALL`` is set they fail instead.
"""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

import pytest

from tests.needs import REQUIRE_ALL


def _initdb() -> Path | None:
    found = shutil.which("initdb")
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return Path(found) if found else installed[-1] if installed else None


INITDB = _initdb()
"""PostgreSQL's program that makes a data folder, with the server's own beside it; or nothing."""

HAS_PSYCOPG = importlib.util.find_spec("psycopg") is not None
HAS_SPARK = importlib.util.find_spec("pyspark") is not None and shutil.which("java") is not None

needs_postgres = pytest.mark.skipif(
    (INITDB is None or not HAS_PSYCOPG) and not REQUIRE_ALL,
    reason="PostgreSQL (Debian: postgresql) or its driver (xlprofit[postgres]) is not installed",
)
"""Marks a test that runs a PostgreSQL server."""

needs_spark = pytest.mark.skipif(
    not HAS_SPARK and not REQUIRE_ALL,
    reason="Java (Debian: openjdk-17-jre-headless) or pyspark (xlprofit[spark]) is not installed",
)
"""Marks a test that runs Spark."""
