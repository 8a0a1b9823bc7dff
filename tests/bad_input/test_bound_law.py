"""What a workbook may take: time and memory by what it unpacks to, and ten times as much at most twelve times as long.

``python -m tests.bad_input.test_bound_law`` says what each construct took, few of it and ten times as many.
"""

from __future__ import annotations

import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.bad_input.bounded import MB, refreshed
from tests.bad_input.growing import MODELS, PARTS
from tests.needs import few, takes_minutes

GROWN = PARTS | MODELS

SECONDS, SECONDS_A_MB = 5.0, 1.0
MEMORY, MEMORY_A_BYTE = 300 * MB, 5
"""What any workbook may take, and what it may take for each MB or byte that it unpacks to."""

TIMES, MORE = 10, 12


@dataclass(frozen=True)
class Taken:
    """What a refresh took: seconds of processor, bytes of memory; and to how many bytes the workbook unpacks."""

    seconds: float
    memory: int
    unpacked: int

    def __str__(self) -> str:
        return f"{self.unpacked / 1e6:7.1f} MB unpacked {self.seconds:6.1f} s {self.memory / MB:6.0f} MB of memory"


def measure(name: str, times: int, folder: Path) -> Taken:
    """Refresh a workbook with so many times a few of a construct."""
    build, count = GROWN[name]
    path = folder / f"book{times}.xlsx"
    build(count * times)(path)
    with zipfile.ZipFile(path) as book:
        unpacked = sum(entry.file_size for entry in book.infolist())
    unpacked += sum(file.stat().st_size for file in folder.glob("*.csv"))
    outcome = refreshed(path, memory=MEMORY + MEMORY_A_BYTE * unpacked)
    assert not outcome.unforeseen
    return Taken(outcome.seconds, outcome.memory, unpacked)


def assert_within_bounds(taken: Taken) -> None:
    assert taken.seconds <= SECONDS + SECONDS_A_MB * taken.unpacked / 1e6, str(taken)
    assert taken.memory <= MEMORY + MEMORY_A_BYTE * taken.unpacked, str(taken)


@pytest.mark.parametrize("name", few(GROWN, "names", "a chain of referrals"))
def test_a_workbook_takes_no_more_than_its_size_allows(name: str, tmp_path: Path) -> None:
    assert_within_bounds(measure(name, 1, tmp_path))


@takes_minutes
@pytest.mark.parametrize("name", GROWN)
def test_ten_times_as_much_takes_at_most_twelve_times_as_long(name: str, tmp_path: Path) -> None:
    one = measure(name, 1, tmp_path)
    many = measure(name, TIMES, tmp_path)
    assert many.seconds <= MORE * one.seconds, (str(one), str(many))
    assert_within_bounds(many)


def main() -> None:
    """Say what each construct took; those that exceed a bound are marked."""
    for name in sys.argv[1:] or GROWN:
        with TemporaryDirectory() as folder:
            try:
                one, many = (measure(name, times, Path(folder)) for times in (1, TIMES))
            except AssertionError as error:
                print(f"{name:30} REFUSED BY A BOUND: {error}", flush=True)
                continue
        over = many.seconds > MORE * one.seconds
        for taken in (one, many):
            over |= taken.seconds > SECONDS + SECONDS_A_MB * taken.unpacked / 1e6
            print(f"{name:30} {taken}{' OVER' * over}", flush=True)


if __name__ == "__main__":
    main()
