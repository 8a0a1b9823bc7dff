"""What fuzzing found stays fixed; and its targets hold on the seeds and on a few changes of them, without atheris."""

from __future__ import annotations

from collections import Counter
from functools import cache, partial
from pathlib import Path
from random import Random

import pytest

from fuzz import targets
from fuzz.many import build_input
from fuzz.packages import AS_IT_IS, BETWEEN, WORDS, changed, packed, seeds, unpacked
from tests.bad_input.plain import GROSS, plain
from tests.needs import examples
from xlprofit.ooxml.read import read_input_tables

FOUND = sorted(path for path in (Path(targets.__file__).parent / "found").iterdir())
SEEDS = 13
CHANGES = {"reader": examples(20), "writer": examples(10), "refresher": 1, "chooser": examples(10)}
"""How many changes of each seed are tried: what takes a few seconds."""

LINES = {"settings": 60, "sources": 500}
"""How many inputs of the targets are tried whose inputs are lines of cells."""

OUTCOMES = {
    "reader": ("read", "refused"),
    "writer": ("written", "refused"),
    "refresher": ("refreshed", "refused"),
    "chooser": ("read", "refused"),
    "settings": ("read", "refused"),
    "sources": ("read", "refused"),
}
"""What may become of an input; the target itself looks that it was read or written right, or refused in one line."""


@cache
def started() -> tuple[bytes, ...]:
    return tuple(seeds())


def by_chance(choice: Random, data: bytes, most: int) -> bytes:
    """Return some bytes with a few of them changed, taken out or put in."""
    spoilt = bytearray(data)
    for _change in range(choice.randint(1, 3)):
        at = choice.randint(0, len(spoilt))
        spoilt[at : at + choice.randint(0, 2)] = choice.choice((bytes([choice.randrange(256)]), b"", *SHORT))
    return bytes(spoilt[:most])


def try_target(target: str, data: bytes) -> str:
    """Return what became of an input, in the target's word for it."""
    before = Counter(targets.counted)
    targets.TARGETS[target](data)
    (outcome,) = (targets.counted - before - Counter(checked=1)).elements()
    return outcome


SHORT = tuple(word.encode() for word in WORDS if len(word) < 8)


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.name)
def test_what_was_found_is_mended(path: Path) -> None:
    target = path.name.partition("-")[0]
    assert try_target(target, path.read_bytes()) in OUTCOMES[target]


@pytest.mark.parametrize("target", ["reader", "writer", "chooser"])
def test_every_seed_is_read_and_written(target: str) -> None:
    assert len(started()) == SEEDS
    whole, _refused = OUTCOMES[target]
    assert [try_target(target, seed) for seed in started()] == [whole] * SEEDS


@pytest.mark.parametrize("number", range(SEEDS))
@pytest.mark.parametrize("target", CHANGES)
def test_a_changed_seed_is_told_or_read_and_written_whole(target: str, number: int) -> None:
    for seed in range(CHANGES[target]):
        choice = Random(seed)
        spoilt = changed(started()[number], seed, partial(by_chance, choice))
        assert try_target(target, spoilt) in OUTCOMES[target]


@pytest.mark.parametrize("target", targets.PLAIN)
def test_lines_of_cells_are_read_or_told(target: str) -> None:
    outcomes = Counter(
        try_target(target, build_input(target, number, list(targets.SEEDS_OF_CELLS[target])))
        for number in range(LINES[target])
    )
    assert set(outcomes) <= set(OUTCOMES[target]) and outcomes["read"] > LINES[target] / 10


def test_an_input_stands_for_a_whole_workbook(tmp_path: Path) -> None:
    data = unpacked(plain(tmp_path / "plain.xlsx"))
    assert not data.startswith(AS_IT_IS) and BETWEEN in data
    sales = read_input_tables(packed(data, tmp_path / "again.xlsx"))["Sales"].frame
    assert sales.groupby("customer")["gross_revenue"].sum().to_dict() == GROSS


def test_a_target_fails_where_its_promise_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    def unmended(path: Path) -> None:
        raise ValueError("a traceback")

    monkeypatch.setattr("xlprofit.ooxml.read.read_input_tables", unmended)
    with pytest.raises(ValueError, match="a traceback"):
        targets.reader(started()[0])
