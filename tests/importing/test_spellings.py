"""A proposal maps every column back, however its header is spelt, whatever the order and what stands above."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.needs import examples
from xlprofit import propose
from xlprofit.headings import header_ranks
from xlprofit.importing.exports.contents import look_at
from xlprofit.importing.exports.matching import match_columns
from xlprofit.importing.exports.months import read_header
from xlprofit.languages import list_terms
from xlprofit.tables import SOURCED, TABLES, ColumnSpec, header_key

SPELLINGS = 200
"""So many spellings of a header are tried."""

ROWS = 12


def list_words(table: str, column: str) -> list[str]:
    """Return the words that surely mean a column, and no other column of its table."""
    others = [c.name for c in TABLES[table].columns if c.name != column]
    spec = TABLES[table].column(column)
    words = [*list_terms(table, column), *(word for _place, word in spec.synonyms.sure())]
    found = []
    for word in dict.fromkeys(words):
        tier = header_ranks(table, column).get(header_key(word), ("", 0))[0]
        rivals = [header_ranks(table, other).get(header_key(word), ("", 0))[0] for other in others]
        if tier == "own" or (tier == "sure" and not {"own", "sure"} & set(rivals)):
            found.append(word)
    return found


@cache
def list_spellings(table: str, column: str) -> list[str]:
    """Return spellings of a column's headers: words, cases, what parts the words, what stands around them."""
    cases: tuple[Callable[[str], str], ...] = (str.lower, str.upper, str.title, str.capitalize, str)
    gaps = (" ", "_", "-", ".", "  ", "\u00a0", "")
    around = ("{}", " {} ", "{}:", "'{}'", "{}.", "*{}")
    found = [
        frame.format(gap.join(case(word).replace("_", " ").split(" ")))
        for frame, gap, word, case in itertools.product(around, gaps, list_words(table, column), cases)
    ]
    return list(dict.fromkeys(found))[:SPELLINGS]


def fill_column(column: ColumnSpec) -> list[object]:
    """Return cells such as stand in a column."""
    days = [date(2024, 1, 15) + timedelta(days=30 * at) for at in range(ROWS)]
    by_kind: dict[str, list[object]] = {
        "customer": [f"C{at:03}" for at in range(ROWS)],
        "name": [f"{column.name} {at}" for at in range(ROWS)],
        "text": [f"{column.name} {at}" for at in range(ROWS)],
        "number": [f"{100 + at}.{at:02}" for at in range(ROWS)],
        "share": [f"0.{at + 1:02}" for at in range(ROWS)],
        "date": [day.isoformat() for day in days],
        "period": [f"{day:%Y-%m}" for day in days],
        "flag": ["yes", "no"] * (ROWS // 2),
        "choice": [(column.choices or ("a",))[at % len(column.choices or ("a",))] for at in range(ROWS)],
    }
    return by_kind[column.kind]


def write_export(
    path: Path, table: str, headers: dict[str, str], order: list[str], above: list[list[str]]
) -> None:
    """Write an export of a table under some headers, in an order, below some rows."""
    cells = {name: fill_column(TABLES[table].column(name)) for name in order}
    text = StringIO()
    writer = csv.writer(text)
    writer.writerows(above)
    writer.writerow([headers[name] for name in order])
    writer.writerows([[cells[name][at] for name in order] for at in range(ROWS)])
    path.write_text(text.getvalue(), encoding="utf-8")


PREAMBLES: list[list[list[str]]] = [
    [],
    [["Report"], []],
    [["Contoso Ltd."], ["Printed", "2024-12-31"], []],
    [[], [], ["From", "2024-01-01", "to", "2024-12-31"]],
    [["sep=,"]],
    [["a title with, a comma"], ["User: anna"], [], []],
]


@pytest.mark.parametrize("table", SOURCED)
def test_each_of_the_spellings_is_found(table: str) -> None:
    names = [column.name for column in TABLES[table].columns]
    looks = [look_at(fill_column(column)) for column in TABLES[table].columns]
    spellings = {name: list_spellings(table, name) for name in names}
    for at in range(SPELLINGS):
        headers = [read_header(spellings[name][at % len(spellings[name])]) for name in names]
        if len(set(map(header_key, headers))) < len(headers):  # one word for two columns
            continue
        found = match_columns(table, headers, looks)
        assert {match.column: match.at for match in found} == {n: i for i, n in enumerate(names)}, headers


@pytest.mark.parametrize("table", SOURCED)
@settings(
    max_examples=examples(40),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_a_proposal_maps_every_spelling_back(tmp_path: Path, table: str, data: st.DataObject) -> None:
    order = data.draw(st.permutations([column.name for column in TABLES[table].columns]))
    headers: dict[str, str] = {}
    for name in order:
        taken = set(map(header_key, headers.values()))
        free = [s for s in list_spellings(table, name) if header_key(s.strip(" :'*.")) not in taken]
        headers[name] = data.draw(st.sampled_from(free))
    path = tmp_path / "export.csv"
    write_export(path, table, headers, order, data.draw(st.sampled_from(PREAMBLES)))
    proposal = propose(path)
    found = proposal.find_table(table)
    assert found is not None, (headers, proposal)
    assert {c.column: c.at for c in found.columns} == {name: at for at, name in enumerate(order, 1)}, headers
    assert not found.missing
