"""What happens to a workbook when something goes wrong at any moment of a refresh.

``python -m tests.mishaps.harness kill 10000`` kills so many refreshes at random moments of the time that one takes, and
as many before a system call drawn at random; ``call`` lets every system call fail in turn, ``allocation`` every
so-manieth allocation of memory. It says how many came to what.
"""

from __future__ import annotations

import argparse
import errno
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Literal

COMPILER = shutil.which("cc") or shutil.which("gcc")
"""The C compiler, without which no system call can be made to fail."""

ERRORS = (errno.ENOSPC, errno.EIO, errno.EACCES)
"""What a call fails with, one after the other."""

AGAIN = 50
"""After so many kills the time that a refresh takes is measured again: a busy machine is slower at times."""

BEYOND = 1.25
"""The last moment of a kill, of the time that a refresh takes: a few fall after its end."""

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Outcome:
    """What came of a refresh: its exit code, which file is there, what was left beside it, also after the next refresh,
    and what was said."""

    code: int
    file: Literal["old", "new", "broken"]
    left: tuple[str, ...]
    left_after_the_next: tuple[str, ...]
    said: str
    calls: int
    failed: str
    seconds: float


class Trials:
    """A process that makes experiments, one after the other."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._known: dict[str, str] = self._read()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the process that makes the experiments ended: {self._process.wait(10)}")
        found: dict[str, Any] = json.loads(line)
        return found

    def run(self, kind: str, at: float, error: int = 0, followed: bool = True) -> Outcome:
        """Return what came of a refresh during which one thing went wrong, ``followed`` by another or not."""
        assert self._process.stdin is not None
        print(
            json.dumps({"kind": kind, "at": at, "error": error, "followed": followed}),
            file=self._process.stdin,
            flush=True,
        )
        found = self._read()
        count, _blank, failed = found["calls"].partition(" ")
        named = {self._known["old"]: "old", self._known["new"]: "new"}
        file: Any = named.get(found["digest"], "broken")
        left, after = tuple(found["left"]), tuple(found["left_after_the_next"])
        return Outcome(
            found["code"], file, left, after, found["said"], int(count or 0), failed, found["seconds"]
        )

    def strike_in_turn(self, kind: str, count: int, step: int) -> Iterator[Outcome]:
        """Yield what came of refreshes in which one call or allocation failed, each so-manieth in turn."""
        for number in range(count):
            yield self.run(kind, 1 + number * step, ERRORS[number % len(ERRORS)])

    def kill_at_random(self, count: int, choice: random.Random) -> Iterator[Outcome]:
        """Yield what came of refreshes that were killed, in turn at a random moment and before a random call.

        Of the calls the last ones are drawn more often: there the new file takes the old one's place. Every fourth is
        followed by another refresh.
        """
        seconds, calls = 0.0, 0
        for number in range(count):
            followed = number % 8 < 2  # one of either kind
            if number % AGAIN == 0:
                whole = [self.run("call", 0) for _ in range(3)]
                seconds, calls = median(one.seconds for one in whole), whole[0].calls
            if number % 2:
                yield self.run(
                    "kill before call", calls - int(calls * choice.random() ** 3), followed=followed
                )
            else:
                yield self.run("kill", choice.uniform(0.0, BEYOND * seconds), followed=followed)


@contextmanager
def start_trials() -> Iterator[Trials]:
    """Start a process that makes experiments; its faults are compiled first."""
    with tempfile.TemporaryDirectory(prefix="xlprofit-mishaps-") as place:
        library, environment = Path(place) / "faults.so", dict(os.environ)
        if COMPILER:
            source = Path(__file__).with_name("fail_one_call.c")
            subprocess.run(
                [COMPILER, "-shared", "-fPIC", "-O1", "-w", "-o", library, source, "-ldl"], check=True
            )
            environment["LD_PRELOAD"] = str(library)
        environment |= {
            "FAULT_FOLDER": f"{place}/folder",
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
        }
        command = [sys.executable, "-m", "tests.mishaps.trial"]
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        with subprocess.Popen(command, cwd=ROOT, env=environment, **pipes) as process:
            try:
                yield Trials(process)
            finally:
                assert process.stdin is not None
                process.stdin.close()


def find_fault(outcome: Outcome, kind: str) -> str:
    """Return what is wrong with what came of a refresh; an empty text where all is as it must be."""
    if outcome.file == "broken":
        return "the file is neither the old one nor the new one"
    if outcome.code == 0 and outcome.file != "new":
        return "exit code 0, and the file is the old one"
    if outcome.code == 1 and outcome.file != "old":
        return "exit code 1, and the file was written"
    if outcome.code not in (0, 1) and outcome.code >= 0:
        return f"exit code {outcome.code}"
    if "Traceback" in outcome.said or ("Unexpected error" in outcome.said and kind != "allocation"):
        return (
            "an error that nobody foresaw"  # where memory is denied, Python itself makes other errors of it
        )
    if outcome.code == 1 and not outcome.said.strip():
        return "nothing was said"
    if outcome.code >= 0 and outcome.left and not outcome.failed.startswith("unlink"):
        return "something is left over"
    if outcome.left_after_the_next:
        return "something is left over after the next refresh"
    return ""


def main() -> None:
    """Make as many experiments as are asked for, and say what came of them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("kind", choices=("kill", "call", "allocation"))
    parser.add_argument("count", type=int)
    parser.add_argument("--step", type=int, default=1, help="every so-manieth call or allocation")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    choice, counted = random.Random(asked.seed), Counter[str]()
    with start_trials() as trials:
        if asked.kind == "kill":
            outcomes = trials.kill_at_random(asked.count, choice)
        else:
            outcomes = trials.strike_in_turn(asked.kind, asked.count, asked.step)
        for number, outcome in enumerate(outcomes):
            fault = find_fault(outcome, asked.kind)
            counted[f"{outcome.file}, exit code {outcome.code}"] += 1
            if outcome.left:
                counted["something left for the next refresh to clear"] += 1
            if fault:
                counted[fault] += 1
                print(f"{number}: {fault}: {outcome}", flush=True)
            if (number + 1) % 20 == 0:
                print(f"{number + 1:,}: {dict(counted)}", flush=True)
            if asked.kind == "call" and not outcome.failed:
                break
    print(
        f"{sum(n for what, n in counted.items() if 'exit code' in what and ',' in what):,}: {dict(counted)}"
    )


if __name__ == "__main__":
    main()
