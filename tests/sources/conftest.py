"""The engines of these tests, each started once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.needs import REQUIRE_ALL
from tests.sources import postgres as servers
from tests.sources.needs import HAS_SPARK


@pytest.fixture(scope="session")
def postgres() -> Iterator[servers.Server]:
    with servers.running() as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("XLPROFIT_TEST_PASSWORD", servers.PASSWORD)
        patch.setenv("PGPASSWORD", servers.PASSWORD)
        yield server


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    if not HAS_SPARK and REQUIRE_ALL:
        pytest.fail("Java or pyspark is not installed, and XLPROFIT_REQUIRE_ALL is set")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK_MASTER", "local[2]")
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        yield "spark:"
        from pyspark.sql import SparkSession

        session = SparkSession.getActiveSession()
        if session is not None:
            session.stop()
