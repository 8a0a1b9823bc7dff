"""Of a very wide export the first columns are looked at, and those whose header is known, mapped or in a profile."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.needs import takes_minutes
from xlprofit.importing.intake import plan_import
from xlprofit.importing.proposals.proposal import Proposal, propose
from xlprofit.importing.reading import accept_proposal


def write_wide(path: Path, before: int, rows: int = 6, last: str = "Net amount") -> Path:
    """Write sales whose columns stand behind so many of no use."""
    head = [*(f"own{at}" for at in range(before)), "Date", "Customer", "Currency", last]
    lines = [
        [
            *(str(r + at % 7) for at in range(before)),
            f"2026-01-{r + 1:02}",
            f"C{r % 3}",
            "EUR",
            f"{100 + r}.50",
        ]
        for r in range(rows)
    ]
    path.write_text("\n".join(map(",".join, [head, *lines])) + "\n")
    return path


def list_read(proposal: Proposal) -> dict[str, str]:
    """Return from which header each column of Sales is read."""
    sales = proposal.find_table("Sales")
    return {c.column: c.header for c in sales.columns} if sales is not None else {}


def test_known_headers_are_found_far_to_the_right_and_the_others_are_told(tmp_path: Path) -> None:
    proposal = propose(write_wide(tmp_path / "wide.csv", 1_500))
    assert list_read(proposal) == {"date": "Date", "customer": "Customer", "gross_revenue": "Net amount"}
    raws, told = accept_proposal(proposal)
    assert raws["Sales"].frame["gross_revenue"].tolist() == [f"{100 + r}.50" for r in range(6)]
    assert [f.count for f in told if f.code == "D20"] == [500]


def test_a_column_far_to_the_right_may_be_mapped(tmp_path: Path) -> None:
    path = write_wide(tmp_path / "wide.csv", 1_500, last="Zq")
    (proposal,) = plan_import([path], mapping="gross_revenue=Zq").proposals
    assert list_read(proposal)["gross_revenue"] == "Zq"
    raws, _told = accept_proposal(proposal)
    assert raws["Sales"].frame["gross_revenue"].tolist() == [f"{100 + r}.50" for r in range(6)]


@takes_minutes
@pytest.mark.parametrize("columns", [10_000])
def test_ten_times_as_many_headers_take_at_most_twelve_times_as_long(columns: int, tmp_path: Path) -> None:
    taken = []
    for count in (columns // 10, columns):
        path = write_wide(tmp_path / f"{count}.csv", count, 36)
        began = time.process_time()
        accept_proposal(propose(path))
        taken.append(time.process_time() - began)
    assert taken[1] <= min(12 * taken[0], 5 + path.stat().st_size / 1e6), taken
