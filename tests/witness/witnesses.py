"""The witnesses: each reads a workbook and returns what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from tests.witness.faults import FORMATS, LINTER, NOVELTY, RECALCULATION, SCHEMAS
from tests.witness.formats import find_format_faults
from tests.witness.linter import lint
from tests.witness.novelty import find_novelties
from tests.witness.recalculation import find_differences
from tests.witness.schemas import find_violations

WITNESSES: Mapping[str, Callable[[Path], list[str]]] = {
    LINTER: lint,
    SCHEMAS: find_violations,
    NOVELTY: find_novelties,
    RECALCULATION: find_differences,
    FORMATS: find_format_faults,
}
"""Who looks, by the name under which the faults name them."""


def ask_all(path: Path, *, without: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """Return what the witnesses see, by witness; those that see nothing are left out."""
    found = {name: look(path) for name, look in WITNESSES.items() if name not in without}
    return {name: faults for name, faults in found.items() if faults}
