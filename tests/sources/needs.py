"""What the tests of sources need beyond Python: PostgreSQL's programs, a Java runtime and pyspark.

They run with ``pytest --all`` alone; see :mod:`tests.needs`.
"""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

from tests.needs import only_with_all


def _initdb() -> Path | None:
    found = shutil.which("initdb")
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return Path(found) if found else installed[-1] if installed else None


INITDB = _initdb()
"""PostgreSQL's program that makes a data folder, with the server's own beside it; or nothing."""

HAS_PSYCOPG = importlib.util.find_spec("psycopg") is not None
HAS_SPARK = importlib.util.find_spec("pyspark") is not None and shutil.which("java") is not None

needs_postgres = only_with_all(
    "PostgreSQL (Debian: postgresql) and its driver (xlprofit[postgres])", INITDB is not None and HAS_PSYCOPG
)
"""Marks a test that runs a PostgreSQL server."""

needs_spark = only_with_all("Java (Debian: openjdk-17-jre-headless) and pyspark (xlprofit[spark])", HAS_SPARK)
"""Marks a test that runs Spark."""
