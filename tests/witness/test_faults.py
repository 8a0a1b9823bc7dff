"""Every deliberate fault is seen by its witness, and none of the witnesses sees one where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.needs import needs_shared
from tests.node import needs_node
from tests.witness.books import make_small_book
from tests.witness.faults import FAULTS, FORMATS, NOVELTY, SCHEMAS, Fault, spoil
from tests.witness.witnesses import WITNESSES

NEEDS = {SCHEMAS: [needs_shared], NOVELTY: [needs_shared], FORMATS: [needs_node("@e965/xlsx")]}
CASES = [pytest.param(fault, id=fault.what, marks=NEEDS.get(fault.witness, [])) for fault in FAULTS]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small refreshed workbook with its formulas, in which no witness sees a fault."""
    return make_small_book(tmp_path_factory.mktemp("sound") / "book.xlsx")


@pytest.mark.parametrize("fault", CASES)
def test_a_fault_is_seen(fault: Fault, sound: Path, tmp_path: Path) -> None:
    spoilt = spoil(sound, tmp_path / "spoilt.xlsx", fault)
    assert WITNESSES[fault.witness](spoilt), fault.what


@pytest.mark.parametrize("witness", [pytest.param(name, marks=NEEDS.get(name, [])) for name in WITNESSES])
def test_where_there_is_no_fault_none_is_seen(witness: str, sound: Path) -> None:
    assert WITNESSES[witness](sound) == []


def test_the_table_is_long_and_has_no_fault_twice() -> None:
    assert len({fault.what for fault in FAULTS}) == len(FAULTS) >= 40
