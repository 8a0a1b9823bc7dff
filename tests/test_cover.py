"""The adding up of what the tests run, on a report small enough to be added up by hand."""

from __future__ import annotations

from typing import Any

from tests.cover import BOUNDED, ROOMS, ROOT, TESTS, measure_rooms


def file(lines: tuple[int, int], branches: tuple[int, int], missing: list[int], ways: list[list[int]]) -> Any:
    """Return a file of coverage's report: lines and branches taken and in all, lines and branches that were not."""
    summary = {
        **dict(zip(("covered_lines", "num_statements"), lines, strict=True)),
        **dict(zip(("covered_branches", "num_branches"), branches, strict=True)),
    }
    return {"summary": summary, "missing_lines": missing, "missing_branches": ways}


def test_a_room_is_the_lines_and_branches_of_its_files() -> None:
    report = {
        "files": {
            "xlprofit/ooxml/a.py": file((8, 10), (3, 6), [4, 5], [[3, 4], [7, 9], [8, -1]]),
            "xlprofit/ooxml/below/b.py": file((10, 10), (0, 0), [], []),
            "xlprofit/hosts/c.py": file((5, 5), (0, 0), [], []),
            "xlprofit/cli.py": file((0, 100), (0, 0), [1], []),
        }
    }
    found = measure_rooms(report)
    assert (found["ooxml"].taken, found["ooxml"].of) == (21, 26)
    assert found["ooxml"].left == {"xlprofit/ooxml/a.py": "4, 5, 7->9, 8->exit"}
    assert (found["hosts"].percent, found["hosts"].left) == (100.0, {})
    assert found["sources"].percent == 100.0  # which has no file here


def test_what_is_measured_and_run_is_there() -> None:
    assert all((ROOT / "xlprofit" / room).is_dir() for room in ROOMS)
    assert all((ROOT / "tests" / name).exists() for name in (*TESTS, *BOUNDED))
