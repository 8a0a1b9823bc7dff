"""What all tests share: the demo company, in full and in small, made once a run; nobody may change it."""

from __future__ import annotations

import gc
import os
import shutil
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.needs import FIRST_TIER, REQUIRE_ALL

# What computes is imported by the fixtures: the process that only hands out the tests needs none of it.
if TYPE_CHECKING:
    import pandas as pd

    from tests.excel.on_server import Server
    from xlprofit import Results
    from xlprofit.workflow import Refreshed

EXPLORE = "XLPROFIT_EXPLORE"
"""Set in the environment, properties are tried on new random examples; else on the same ones on every machine."""


BYTECODE, NO_BYTECODE = "PYTHONPYCACHEPREFIX", "PYTHONDONTWRITEBYTECODE"
"""What tells Python where it keeps compiled modules, and to keep none."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--all",
        action="store_true",
        help="run also what needs LibreOffice, a database server or a window, or takes minutes",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "only_with_all(why, is_there): a test of the second tier, which runs with --all alone"
    )
    config.addinivalue_line(
        "markers", "every_case: a test whose cases cost next to nothing, all of the first tier"
    )
    _keep_bytecode(config)
    full = config.getoption("--all")
    if full:
        os.environ.pop(FIRST_TIER, None)
    else:
        os.environ[FIRST_TIER] = "1"
    if not hands_out_tests(config):
        _set_laws(full)


def hands_out_tests(config: pytest.Config) -> bool:
    """Return whether other processes run the tests, and this one hands them out."""
    return bool(config.getoption("numprocesses", None)) and not hasattr(config, "workerinput")


def _set_laws(full: bool) -> None:
    """Have Hypothesis try the same examples each time, few in the first tier, and for as long as it takes."""
    from hypothesis import HealthCheck, Phase, settings

    chosen = not os.environ.get(EXPLORE)
    settings.register_profile(
        "laws",  # of a random model in full; what fails is not made smaller, which would take minutes
        max_examples=16 if full else 2,
        deadline=None,
        derandomize=chosen,
        phases=(Phase.explicit, Phase.reuse, Phase.generate),
        suppress_health_check=[HealthCheck.too_slow],
    )
    # a busy machine is no failure
    settings.register_profile("untimed", deadline=None, max_examples=100 if full else 25, derandomize=chosen)
    settings.load_profile("untimed")


def _keep_bytecode(config: pytest.Config) -> None:
    """Compile each module once for all processes of the tests where Python is told to keep nothing beside it.

    Some hundred processes are started, and each would else compile pandas and the package anew, which takes longer
    than most of them work. What is kept goes to the cache of pytest.
    """
    cache = getattr(config, "cache", None)
    if sys.dont_write_bytecode and cache is not None:
        os.environ[BYTECODE] = sys.pycache_prefix = str(cache.mkdir("bytecode"))
        sys.dont_write_bytecode = False
        os.environ.pop(NO_BYTECODE, None)


SELDOM = (50_000, 20, 50)
"""How often the collector of garbage looks, that is a few times a test and not a hundred."""


def pytest_collection_finish() -> None:
    """Spare the collector of garbage ten thousand tests, which stay to the end, and look for it seldom."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SELDOM)


MANY, KEPT = 12, 8
"""Of a test with so many cases the first tier runs every so-manieth, unless it is marked ``every_case``."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the second tier without ``--all``; with it, skip what is not installed, unless all is required."""
    if not config.getoption("--all"):
        later = set(_list_later_items(items))
        config.hook.pytest_deselected(items=[item for item in items if item in later])
        items[:] = [item for item in items if item not in later]
        return
    for item in items:
        for mark in item.iter_markers("only_with_all"):
            why, is_there = mark.args
            if not is_there and not REQUIRE_ALL:
                item.add_marker(pytest.mark.skip(reason=f"not installed: {why}"))


def _list_later_items(items: Iterable[pytest.Item]) -> Iterator[pytest.Item]:
    """Yield the tests of the second tier: those marked so, and most of many cases alike."""
    cases: dict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        if item.get_closest_marker("only_with_all"):
            yield item
        else:
            cases[item.nodeid.partition("[")[0]].append(item)
    for alike in cases.values():
        few = len(alike) < MANY or alike[0].get_closest_marker("every_case")
        yield from () if few else (one for at, one in enumerate(alike) if at % KEPT)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Run the whole suite on every processor, and chosen tests in one process, which starts at once."""
    chosen = config.args_source is not pytest.Config.ArgsSource.TESTPATHS
    return 0 if chosen else os.cpu_count() or 1


@pytest.fixture(autouse=True)
def keep_collector() -> Iterator[None]:
    """Have Python look for cycles as before, where a command that was run in this process had it do so seldom."""
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


@pytest.fixture(scope="session")
def company() -> Mapping[str, pd.DataFrame]:
    """A demo company of 40 customers, small enough to be refreshed in a second or two."""
    from tests.companies import make_small_demo

    return make_small_demo()


@pytest.fixture(scope="session")
def book(company: Mapping[str, pd.DataFrame], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small company's workbook before any refresh; work on a copy."""
    import xlprofit

    return xlprofit.new(tmp_path_factory.mktemp("company") / "company.xlsx", company)


@pytest.fixture(scope="session")
def refreshed(book: Path, tmp_path_factory: pytest.TempPathFactory) -> Refreshed:
    """The small company's workbook with its result sheets, refreshed in place."""
    import xlprofit

    path = tmp_path_factory.mktemp("refreshed") / "company.xlsx"
    shutil.copy(book, path)
    return xlprofit.refresh(path)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A process that runs the macros as scripts of xlwings' own engine, which takes seconds to start."""
    from tests.excel.on_server import Server

    started = Server()
    yield started
    started.close()


@pytest.fixture(scope="session")
def demo_results() -> Results:
    """The results of the demo company in full."""
    from tests.companies import analyze_sample
    from xlprofit import samples

    return analyze_sample(samples.DEMO)
