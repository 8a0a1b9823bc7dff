"""Scenarios: changes that can be read, of whom and which there are; and a comparison that there is."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence

import numpy as np
import pandas as pd

from xlprofit.findings import Finding, build_finding, phrase
from xlprofit.folding import fold_name
from xlprofit.languages import list_terms
from xlprofit.messages import day
from xlprofit.reading.faults import (
    Book,
    Fault,
    InputSheet,
    Trouble,
    build_fault_by_row,
    exclude_faulty_rows,
    quote_value,
)
from xlprofit.rules.changes import (
    Change,
    describe_conflict,
    find_conflict,
    is_after_span,
    list_known_names,
    parse_row,
    rank_narrowness,
)
from xlprofit.tables import Settings
from xlprofit.tables.comparisons import find_comparison

MOST_SCENARIOS = 20
"""So many scenarios are computed, of which each takes as long as the figures themselves."""


def exclude_invalid_changes(book: Book, run: Settings) -> tuple[Book, list[Finding]]:
    """Return the tables without changes that cannot be read, are of nobody, or begin after the period analysed."""
    if "Scenarios" not in book:
        return book, []
    sheet = book["Scenarios"]
    known = list_known_names({name: one.frame for name, one in book.items()})
    frame = sheet.frame
    columns = [frame[c] for c in ("what", "of", "change", "from")]
    parsed = [parse_row(str(w), str(o), str(c), f, known) for w, o, c, f in zip(*columns, strict=True)]
    faults = []
    for column in ("change", "of", "from"):
        troubles = {at: p[1] for at, p in enumerate(parsed) if not isinstance(p, Change) and p[0] == column}
        for code in sorted({trouble.code for trouble in troubles.values()}):
            mask = np.array(
                [at in troubles and troubles[at].code == code for at in range(len(frame))], dtype=bool
            )
            faults.append(build_fault_by_row(code, column, mask, troubles.__getitem__))
    changes = [one if isinstance(one, Change) else None for one in parsed]
    faults += [_find_late_changes(changes, run), _find_surplus(frame)]
    clear = [None if one is not None and is_after_span(one, run) else one for one in changes]
    faults += _find_conflicts(frame["scenario"].astype(str).tolist(), clear)
    sheet, findings = exclude_faulty_rows(sheet, faults)
    return {**book, "Scenarios": sheet}, findings


def _find_surplus(frame: pd.DataFrame) -> Fault:
    """Return the fault of rows of scenarios beyond the first ones by name: each is computed as a whole."""
    kept = list_scenarios(frame)[:MOST_SCENARIOS]
    surplus = ~frame["scenario"].astype(str).isin(("", *kept)).to_numpy(dtype=bool)
    what = phrase("V15", "many", n=len(list_scenarios(frame)), most=MOST_SCENARIOS)
    return build_fault_by_row("V15", "scenario", surplus, lambda at: Trouble("V15", what))


def _find_late_changes(changes: Sequence[Change | None], run: Settings) -> Fault:
    late = np.array([one is not None and is_after_span(one, run) for one in changes], dtype=bool)
    what = phrase("V10", "after", day=day(run.end))
    return build_fault_by_row("V10", "from", late, lambda at: Trouble("V10", what))


def _find_conflicts(scenarios: Sequence[str], changes: Sequence[Change | None]) -> list[Fault]:
    """Return the faults of rows that get into the way of an earlier one of their scenario; they stay in."""
    told: dict[int, Trouble] = {}
    earlier = _Earlier()
    for at, (scenario, change) in enumerate(zip(scenarios, changes, strict=True)):
        if change is None:
            continue
        for other in earlier.list_near(scenario, change):
            how = find_conflict(change, other)
            if how:
                told[at] = Trouble("V09", describe_conflict(how, other, change))
                break
        earlier.add(at, scenario, change)
    mask = np.array([at in told for at in range(len(changes))], dtype=bool)
    return [build_fault_by_row("V09", "change", mask, told.__getitem__, out=False)]


class _Earlier:
    """The earlier changes that another may get into the way of: the first of each kind, and the first unlike that."""

    def __init__(self) -> None:
        self._same: dict[Hashable, list[tuple[int, Change]]] = {}
        self._levels: dict[Hashable, dict[Hashable, list[tuple[int, Change]]]] = {}

    def list_near(self, scenario: str, change: Change) -> list[Change]:
        """Return those that have the same place, or a place as narrow of other kinds, in their order."""
        found = list(self._same.get((scenario, change.what, change.to, change.of, change.since), ()))
        for kinds, listed in self._levels.get(_place_level(scenario, change), {}).items():
            found += listed if kinds != _list_place_kinds(change) else ()
        return [one for _at, one in sorted(found, key=lambda one: one[0])]

    def add(self, at: int, scenario: str, change: Change) -> None:
        """Take in a change; ``at`` is its row."""
        same = self._same.setdefault((scenario, change.what, change.to, change.of, change.since), [])
        levels = self._levels.setdefault(_place_level(scenario, change), {}).setdefault(
            _list_place_kinds(change), []
        )
        for listed in (same, levels):
            if not listed or (len(listed) == 1 and listed[0][1].amount != change.amount):
                listed.append((at, change))


def _place_level(scenario: str, change: Change) -> Hashable:
    return scenario, change.what, change.to, rank_narrowness(change)


def _list_place_kinds(change: Change) -> tuple[str, ...]:
    return tuple(sorted(kind for kind, _name in change.of))


def list_scenarios(frame: pd.DataFrame) -> tuple[str, ...]:
    """Return the names of the scenarios of a table, sorted, whatever the order of its rows."""
    return tuple(sorted({str(name) for name in frame["scenario"]} - {""}))


def check_scenario_names(book: Book, plans: Collection[str]) -> list[Finding]:
    """Return the warnings of scenarios that bear the name of a plan, of the actual figures or of a compared period."""
    if "Scenarios" not in book:
        return []
    taken = {fold_name(word) for word in (*plans, "actual", *list_terms("word", "actual"))}
    names = book["Scenarios"].frame["scenario"].astype(str)
    means = [fold_name(name) in taken or find_comparison(name) is not None for name in names]
    mask = np.array(means, dtype=bool) & ~names.duplicated().to_numpy(dtype=bool)
    told = [Trouble("V14", phrase("V14", "taken", scenario=quote_value(name))) for name in names]
    fault = build_fault_by_row("V14", "scenario", mask, told.__getitem__, out=False)
    return exclude_faulty_rows(book["Scenarios"], [fault])[1]


def check_comparison(
    settings: Settings, book: Book, plans: Collection[str], table: InputSheet | None
) -> list[Finding]:
    """Return the warning of a setting ``compare`` that names neither a span, nor a plan, nor a scenario."""
    asked = settings.compare
    scenarios = list_scenarios(book["Scenarios"].frame) if "Scenarios" in book else ()
    if not asked or find_comparison(asked) or fold_name(asked) in map(fold_name, (*plans, *scenarios)):
        return []
    what = phrase("V08", "no_such", compare=quote_value(asked))
    if table is None:
        return [build_finding("V08", "Settings", "", what)]
    mask = (table.frame["setting"].astype(str) == "compare").to_numpy()
    return exclude_faulty_rows(
        table, [build_fault_by_row("V08", "value", mask, lambda at: Trouble("V08", what), out=False)]
    )[1]
