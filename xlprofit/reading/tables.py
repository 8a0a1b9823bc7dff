"""Reading: every table's headers and cells, in the order in which one table needs another."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass, replace

from xlprofit.findings import Finding
from xlprofit.reading import aliases, cells, headers, names, rows, settings
from xlprofit.reading.conventions import currencies
from xlprofit.reading.conventions import table as conventions
from xlprofit.reading.conventions.currencies import DEFAULT
from xlprofit.reading.drivers import BASES, NO_DRIVER
from xlprofit.reading.faults import Book, InputSheet, Place, Places
from xlprofit.reading.names import Categoricals, Named
from xlprofit.reading.rows import Draft
from xlprofit.reading.settings import Given
from xlprofit.tables import TABLES, Raw, header_key

GLANCE = 64
"""So many rows are looked at first for anything that is filled in."""


@dataclass(frozen=True)
class Read:
    """All tables read cell by cell.

    ``drafts`` has those in which any cell is filled in; ``places`` says of all where their columns
    stand; ``own_columns`` has the headers of the user's own columns in the logs by key, ``None``
    where there is no log. ``given`` are the settings that were given, ``settings`` their table. ``credits`` has
    the sheet rows that are counted negative since a word in them says so.
    """

    drafts: Mapping[str, Draft]
    places: Mapping[str, Place]
    own_columns: Mapping[str, str] | None
    categoricals: Categoricals
    given: Given
    settings: InputSheet | None
    credits: Mapping[str, Places]


@dataclass(frozen=True)
class _TableRead:
    """One table read: where its columns stand, its cells where any is filled in, and what was found in it.

    ``own`` has the headers of a log's own columns by key; ``None`` where the table is no log.
    """

    place: Place
    draft: Draft | None = None
    own: Mapping[str, str] | None = None
    findings: tuple[Finding, ...] = ()


def read_tables(raws: Mapping[str, Raw]) -> tuple[Read, list[Finding]]:
    """Return all tables read cell by cell, names spelt alike, and what is wrong with headers and cells."""
    found: dict[str, _TableRead] = {}
    given, table, findings = Given(), None, list[Finding]()
    if "Settings" in raws:
        found["Settings"] = _read_table(raws["Settings"], frozenset(), "")
        if (draft := found["Settings"].draft) is not None:
            given, table, findings = settings.read_given_settings(draft)
    currency, told = _find_run_currency(given, raws)
    given = {**given, "currency": currency} if told and currency else given
    drivers = frozenset[str]()
    for name in sorted(raws.keys() - {"Settings"}, key=_rank_reading):
        found[name] = _read_table(raws[name], drivers, currency)
        if name == "Activities" and (draft := found[name].draft) is not None:
            drivers = _read_driver_keys(draft)
    findings += told + [finding for one in found.values() for finding in one.findings]
    read, joined = _join_tables(found, given, table)
    return read, findings + joined


def _join_tables(
    found: Mapping[str, _TableRead], given: Given, table: InputSheet | None
) -> tuple[Read, list[Finding]]:
    """Return the tables with names spelt alike over all of them, and the spellings that were changed."""
    drafts = {name: one.draft for name, one in found.items() if one.draft is not None}
    drafts, joins, joined = aliases.join_drafts(drafts)
    categoricals, spelt = names.unify_names(drafts, joins)
    called = _map_driver_names(categoricals)
    places = {name: drafts[name].place if name in drafts else one.place for name, one in found.items()}
    places = {name: _rename_driver_cells(place, called) for name, place in places.items()}
    logs = [one.own for one in found.values() if one.own is not None]
    own = dict(ChainMap(*map(dict, reversed(logs)))) if logs else None
    credits = {name: draft.rows[draft.credits] for name, draft in drafts.items()}
    return Read(drafts, places, own, categoricals, given, table, credits), joined + spelt


def _rank_reading(name: str) -> tuple[bool, int]:
    """Return the place of a table in the order in which they are read: those first that others need."""
    return not TABLES[name].read_first, list(TABLES).index(name)


def _read_table(raw: Raw, drivers: frozenset[str], currency: str) -> _TableRead:
    """Return a table read cell by cell; ``drivers`` are the keys of the columns that Activities names."""
    spec = TABLES[raw.name]
    supposed = currency or DEFAULT
    place, found, findings = headers.match_headers(raw, drivers, supposed)
    if not has_filled_cells(raw):
        return _TableRead(place)
    spare = headers.find_own_columns(raw, found) if spec.drivers else {}
    driven = {key: at for key, at in spare.items() if key in drivers}
    draft, wrong = rows.draft_table(raw, place, found, driven, supposed)
    findings += wrong
    if spec.attributes:
        draft = rows.read_own_columns(draft, headers.name_own_columns(raw, found))
    if spec.money:
        draft, wrong = conventions.settle_table(draft, currency)
        findings += wrong
    own = {key: str(raw.frame.columns[at]) for key, at in spare.items()} if spec.drivers else None
    return _TableRead(place, draft, own, tuple(findings))


def _find_run_currency(given: Given, raws: Mapping[str, Raw]) -> tuple[str, list[Finding]]:
    """Return the currency of the run: that of Settings, or else what the amounts of all tables say; empty for none."""
    if "currency" in given:
        return str(given["currency"]), []
    standing = {
        name: headers.match_headers(raws[name], (), DEFAULT)
        for name, table in TABLES.items()
        if table.money and name in raws
    }
    return currencies.infer_currency(
        (raws[name], place, found) for name, (place, found, _) in standing.items()
    )


def has_filled_cells(raw: Raw) -> bool:
    """Whether a table has any cell with anything in it."""
    frame, size = raw.frame, raw.frame.shape[1]
    return len(frame) > 0 and (
        any(cells.split_column_cells(frame.iloc[:GLANCE, j]) for j in range(size))
        or any(cells.split_column_cells(frame.iloc[:, j]) for j in range(size))
    )


def _read_driver_keys(draft: Draft) -> frozenset[str]:
    """Return the keys of the columns that Activities names as drivers."""
    reading = draft.readings.get("driver")
    written = reading.words if reading else []
    return frozenset(map(header_key, written)) - NO_DRIVER - BASES - {""}


def _map_driver_names(categoricals: Categoricals) -> dict[str, str]:
    """Return the name of each driver by its key, as Activities spells it."""
    drivers = categoricals.get("Activities", {}).get("driver")
    return {} if drivers is None else {header_key(name): str(name) for name in drivers.categories}


def _rename_driver_cells(place: Place, called: Mapping[str, str]) -> Place:
    known = {column.name for column in place.table.columns}
    return replace(place, cells={n if n in known else called.get(n, n): at for n, at in place.cells.items()})


def build_typed_sheets(read: Read) -> tuple[Book, Named]:
    """Return the rows that can be used, typed, and the names that tables define."""
    called = _map_driver_names(read.categoricals)
    book = {
        name: InputSheet(
            read.places[name],
            rows.build_typed_frame(draft, read.categoricals[name], called),
            draft.raw.frame,
            draft.raw.row + 1,
            draft.raw.column,
            rows.count_lost_rows(draft),
        )
        for name, draft in read.drafts.items()
        if name != "Settings"
    }
    return book, names.list_defined_names(read.categoricals)
