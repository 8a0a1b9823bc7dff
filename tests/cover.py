"""How much of the rooms that read, draw and write workbooks the tests run, line by line and branch by branch.

    uv run --with coverage python -m tests.cover                       # the first tier of their tests
    uv run --with coverage python -m tests.cover --all                 # with what needs LibreOffice, servers, minutes
    uv run --with coverage python -m tests.cover --all ooxml sources   # of these rooms the lines that are left, too

Coverage is no dependency of the package. What tests start as a process of its own is counted with the rest. A share is
that of coverage: lines and branches taken of all there are, without what bears ``# pragma: no cover`` and a reason.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]

ROOMS = ("ooxml", "hosts", "reading", "drawing", "sources")
"""What is measured: the folders of the package that touch what others wrote."""

TESTS = (
    *("bad_input", "calc", "excel", "hosts", "importing", "lite", "lossless", "sources", "wrong_in_silence"),
    *(
        "language/test_sheets.py",
        "laws/test_any_cells.py",
        "laws/test_columns.py",
        "laws/test_conventions.py",
    ),
    *("laws/test_names.py", "test_answers.py", "test_cells.py", "test_checks.py", "test_clearing.py"),
    *("test_customer_sheet.py", "test_dashboard.py", "test_left_out.py", "test_own_sheet_names.py"),
    *(
        "test_reading_by_columns.py",
        "test_refresh.py",
        "test_render.py",
        "test_report.py",
        "test_template.py",
    ),
    *("test_terminal.py", "test_theme.py", "test_to_openpyxl.py", "test_to_xml.py", "test_units.py"),
    *(
        "mishaps/test_own_sources.py",
        "mishaps/test_scratch.py",
        "mishaps/test_writers.py",
        "test_workbook_read.py",
    ),
)
"""The tests that run these rooms."""

BOUNDED = ("bad_input/test_bound_law.py", "bad_input/test_million.py")
"""Of these, the ones that measure time and memory, which counting would take too."""

Report = Mapping[str, Any]
"""What ``coverage json`` says."""


@dataclass(frozen=True)
class Share:
    """How many lines and branches were taken, how many there are, and the files with what is left of each."""

    taken: int
    of: int
    left: Mapping[str, str]

    @property
    def percent(self) -> float:
        """The share in percent; 100 where there is nothing to take."""
        return 100 * self.taken / self.of if self.of else 100.0


def measure_rooms(report: Report, rooms: Sequence[str] = ROOMS) -> dict[str, Share]:
    """Return the share of each room."""
    return {
        room: _add_files(
            {
                name: file
                for name, file in report["files"].items()
                if Path(name).parts[:2] == ("xlprofit", room)
            }
        )
        for room in rooms
    }


def _add_files(files: Mapping[str, Report]) -> Share:
    sums = [file["summary"] for file in files.values()]
    return Share(
        sum(s["covered_lines"] + s["covered_branches"] for s in sums),
        sum(s["num_statements"] + s["num_branches"] for s in sums),
        {name: ", ".join(_list_left(file)) for name, file in files.items() if any(_list_left(file))},
    )


def _list_left(file: Report) -> Iterator[str]:
    """Give the lines that were not run, and the branches from lines that were: ``12``, ``14->16``, ``20->exit``."""
    missing = set(file["missing_lines"])
    yield from map(str, sorted(missing))
    for start, end in file["missing_branches"]:
        if start not in missing and end not in missing:
            yield f"{start}->{'exit' if end < 0 else end}"


def run_tests(folder: Path, arguments: Sequence[str]) -> Report:
    """Run the tests of the rooms with coverage, its data in a folder; return its report of them."""
    coverage = [sys.executable, "-m", "coverage"]
    environment = os.environ | {"COVERAGE_FILE": str(folder / "data")}
    asked = [*(f"tests/{name}" for name in TESTS), *(f"--deselect=tests/{name}" for name in BOUNDED)]
    for command in (
        ["run", "-m", "pytest", "-n", "0", "-p", "no:cacheprovider", *arguments, *asked],
        ["combine", "-q"],
        ["json", "-q", "-o", str(folder / "report.json")],
    ):
        subprocess.run([*coverage, *command], cwd=ROOT, env=environment, check=False)
    report: Report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return report


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tests and print the shares, and of the rooms that are asked for what is left."""
    parser = argparse.ArgumentParser(prog="python -m tests.cover", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--all", action="store_true", help="run the tests of the second tier too")
    parser.add_argument(
        "rooms",
        nargs="*",
        metavar="ROOM",
        choices=[[], *ROOMS],
        help="the rooms of which the lines left are listed",
    )
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="xlprofit-cover-") as folder:
        report = run_tests(Path(folder), ["--all"] if asked.all else [])
    for room, share in measure_rooms(report).items():
        print(f"{room:8}  {share.percent:5.1f} %  {share.taken:,} of {share.of:,} lines and branches")
        for name, left in share.left.items() if room in asked.rooms else ():
            print(f"    {name}: {left}")


if __name__ == "__main__":
    main()
