"""A refresh during which something goes wrong: the file is the old one or the new one, and the exit code says which."""

from __future__ import annotations

import random
from collections import Counter
from importlib.util import find_spec

import pytest

from tests.mishaps.harness import COMPILER, ERRORS, Outcome, Trials, find_fault, start_trials
from tests.needs import only_with_all

pytestmark = pytest.mark.skipif(
    COMPILER is None, reason="no C compiler, by which system calls are made to fail"
)

CALLS, STEP = 2_000, 499
"""More calls than a refresh of a small workbook makes, and which of them fail in the first tier; every one by hand."""


def try_calls(trials: Trials, step: int) -> Counter[str]:
    """Let every so-manieth system call fail; return how often which file was there, by the call that failed."""
    counted: Counter[str] = Counter()
    for number, at in enumerate(range(1, CALLS, step)):
        outcome = trials.run("call", at, ERRORS[number % len(ERRORS)])
        assert not find_fault(outcome, "call"), (at, outcome)
        if not outcome.failed:
            break
        counted[outcome.file] += 1
        counted[outcome.failed] += 1
    return counted


def test_a_system_call_that_fails_leaves_the_old_file_or_the_new_one() -> None:
    with start_trials() as trials:
        whole = trials.run("call", 0)
        assert (whole.code, whole.file, whole.left) == (0, "new", ())
        assert whole.calls > 100
        counted = try_calls(trials, STEP)
        assert counted["old"]
        killed = [trials.run("kill", share * whole.seconds) for share in (0.0, 0.5, 0.9)]
        killed += [trials.run("kill before call", at) for at in (1, whole.calls // 2, whole.calls - 1)]
        assert not any(map(find_kill_fault, killed)), killed
        assert [outcome.file for outcome in killed[-3:]] == ["old", "old", "new"]


def find_kill_fault(outcome: Outcome) -> str:
    """Return what is wrong after a kill; what is left over then, the next run clears."""
    return "broken" if outcome.file == "broken" else ""


@only_with_all("many system calls of a refresh", COMPILER is not None)
def test_many_system_calls_fail_once() -> None:
    with start_trials() as trials:
        counted = try_calls(trials, 4)
    assert {"openat", "write", "fsync", "renameat2"} & set(counted)
    assert counted["old"] > 25


@only_with_all("kills by the hundred", COMPILER is not None)
def test_killed_at_any_moment_nothing_is_broken() -> None:
    choice = random.Random(21)
    with start_trials() as trials:
        outcomes = list(trials.kill_at_random(120, choice))
    assert not any(map(find_kill_fault, outcomes))
    assert {outcome.file for outcome in outcomes} == {"old", "new"}


@only_with_all("Python's own test of memory", find_spec("_testcapi") is not None)
def test_memory_that_is_denied_breaks_nothing() -> None:
    with start_trials() as trials:
        for number in range(60):
            outcome = trials.run("allocation", 1 + 9_973 * number)
            assert outcome.code < 0 or not find_fault(outcome, "allocation"), (number, outcome)
            assert outcome.file != "broken"
