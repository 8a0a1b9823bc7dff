"""Totals: rows that stand under a name but add up others, such as ``Grand total`` and ``ACME total``."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.findings import Finding, phrase
from xlprofit.messages import _
from xlprofit.reading.faults import (
    Book,
    Fault,
    InputSheet,
    Mask,
    Trouble,
    build_fault_by_name,
    exclude_faulty_rows,
    quote_value,
)
from xlprofit.reading.names import DEFINED_IN, Named
from xlprofit.reading.sums import sum_floats
from xlprofit.reading.total_words import Total, fold_total_words, read_total
from xlprofit.tables import TABLES

DESCRIBED = tuple(column.name for column in TABLES["Customers"].columns if column.kind == "text")
"""Columns of Customers of which a row for a total has none filled in."""

MOST_TEXTS = 2_000
"""In a column of more different texts than this no word for a total is looked for."""

MOST_ROWS = 1_000
"""So many rows that are called totals are added up one by one."""

FEWEST = 4
"""Of fewer other rows, or different amounts, one equals the sum of the others by chance too easily to be said."""

UNITS = 10_000
"""Amounts are added up as whole ten-thousandths, whose sums do not depend on the order of the rows."""

_CENT = UNITS // 100
_MOST = 2.0**62

Amounts = npt.NDArray[np.int64]
"""Rows × columns: amounts in whole ten-thousandths."""


Known = dict[str, dict[str, set[str]]]
"""For each kind of name the keys of all there are, and which names have each."""


@dataclass(frozen=True)
class _NamedTotals:
    """A column of names in which some are called as totals are: which of them, by name."""

    sheet: InputSheet
    column: str
    kind: str
    totals: Mapping[str, Total]

    @property
    def table(self) -> str:
        return self.sheet.place.table.name

    @property
    def names_another(self) -> bool:
        """Whether any of them is the total of something that it names."""
        return any(total.of for total in self.totals.values())


def exclude_totals(book: Book, named: Named, currency: str) -> tuple[Book, list[Finding]]:
    """Return the tables without rows that are totals by name, and what was found.

    A name that is nothing but a word for a total is one, unless Customers (of a resource: another table) has
    it. One with another name or a period beside that word (``ACME total``) is one too. With anything
    else beside it (``Total Energies``), or where Customers has it, it is one where its amounts are the sum
    of all other rows; otherwise it is counted, and said unless Customers has it.
    """
    listings = _find_listings(book)
    known, proven = _prove_totals(book, listings)
    checked, findings = dict(book), []
    warned: set[tuple[str, str]] = set()
    for one in listings:
        out = frozenset(n for n, t in one.totals.items() if _is_out(one, n, t, book, named, known, proven))
        doubtful = {(one.kind, name) for name in one.totals.keys() - out if _is_doubtful(one, name, named)}
        sheet = checked[one.table]
        faults = [
            _report_excluded_totals(sheet, one, out, currency),
            _report_counted_totals(sheet, one, {name for _kind, name in doubtful - warned}),
        ]
        warned |= doubtful
        checked[one.table], found = exclude_faulty_rows(sheet, faults)
        findings += found
    checked, found = _exclude_unnamed_totals(checked, named, currency)
    return checked, findings + found


def _prove_totals(book: Book, listings: Sequence[_NamedTotals]) -> tuple[Known, set[tuple[str, str]]]:
    """Return what totals may be of, and the names whose amounts are the sum of all others, with their kind."""
    known = _map_known_names(book) if any(one.names_another for one in listings) else {}
    return known, {(one.kind, name) for one in listings for name in _find_summing_names(one, known)}


def _exclude_unnamed_totals(book: Book, named: Named, currency: str) -> tuple[Book, list[Finding]]:
    """Return the tables without rows that a word in any other column calls totals, and what was found."""
    checked, findings = dict(book), []
    for table, spec in TABLES.items():
        if table in book and spec.posts and spec.money:
            checked[table], found = _exclude_labelled_totals(book[table], currency)
            findings += found + _find_sums(checked[table], named, currency)
    return checked, findings


def _exclude_labelled_totals(sheet: InputSheet, currency: str) -> tuple[InputSheet, list[Finding]]:
    """Return a table without rows that have a word for a total in a column of text and add up others.

    They stand under a customer: a pivot that was copied with its labels filled down has them.
    """
    units = _count_totalled_units(sheet, 2)
    if units is None:
        return sheet, []
    faults: list[Fault] = []
    gone, customers = np.zeros(len(sheet), dtype=bool), sheet.present("customer")
    for texts in _list_row_texts(sheet):
        called = _find_total_labels(texts, customers)
        if not called.any():
            continue
        called = called & ~sheet.among("customer", {""}) & ~gone
        if not called.any() or called.all():
            continue
        sums = _find_summing_rows(sheet, units, called)
        if sums.any():
            gone |= sums
            word = min(str(text) for text in texts[sums])
            faults.append(_report_labelled_totals(sheet, word, sums, currency))
    return exclude_faulty_rows(sheet, faults)


def _report_labelled_totals(sheet: InputSheet, word: str, sums: Mask, currency: str) -> Fault:
    amount = say_amount(sheet, sums, currency)
    what = phrase("K04", "total_rows_left", n=sheet.count(sums), name=quote_value(word), amount=amount)
    trouble = Trouble("K04", what, phrase("K04", "no_action_needed"))
    return Fault("K04", "customer", np.flatnonzero(sums), lambda which: trouble, counted=True, out=True)


def _list_row_texts(sheet: InputSheet) -> list[pd.Series]:
    """Return the texts of each row in every column of text but the customer's; of a source's sums only its own.

    What is no text is left out: a number, and a list, which cannot even be compared.
    """
    found = [sheet.frame[c] for c in ("product", "invoice", "group") if c in sheet.place.cells]
    used = {at - sheet.first_column for at in sheet.place.cells.values()}
    if sheet.first_row > 1:
        rows = sheet.frame["row"].to_numpy() - sheet.first_row
        for at in range(sheet.body.shape[1]):
            column = sheet.body.iloc[:, at]
            if at not in used and not pd.api.types.is_numeric_dtype(column.dtype):
                found.append(_blank_other_cells(column)[rows])
    return found


def _blank_other_cells(column: pd.Series) -> pd.Series:
    """Return the texts of a column by row, ``None`` where something else stands."""
    values = np.array(column, dtype=object)
    values[[not isinstance(value, str) for value in values]] = None
    return pd.Series(values, dtype=object)


def _find_total_labels(texts: pd.Series, customers: Collection[str]) -> Mask:
    """Return which cells hold a word for a total of everything, of a period, of a customer or of another text there."""
    if texts.iloc[: 2 * MOST_TEXTS].nunique() > MOST_TEXTS:  # mostly told by few of them: numbers of invoices
        return np.zeros(len(texts), dtype=bool)
    codes, distinct = pd.factorize(texts)
    if len(distinct) > MOST_TEXTS:
        return np.zeros(len(texts), dtype=bool)
    read = {text: read_total(text) for text in distinct if isinstance(text, str)}
    if not any(read.values()):
        return np.zeros(len(texts), dtype=bool)
    known: dict[str, set[str]] = {}
    for text in (*read, *customers):
        known.setdefault(fold_total_words(text), set()).add(text)
    called = [
        isinstance(text, str) and (total := read[text]) is not None and _is_of(text, total, known)
        for text in distinct
    ]
    return np.array([*called, False], dtype=bool)[codes]


def _find_summing_rows(sheet: InputSheet, units: Amounts, called: Mask) -> Mask:
    """Return which of the rows add up others: all of them, those of the customer, or together everything."""
    others = ~called
    found = np.zeros(len(called), dtype=bool)
    customers = sheet.codes("customer")
    for at in np.flatnonzero(called)[:MOST_ROWS]:
        row = np.zeros(len(called), dtype=bool)
        row[at] = True
        if any(_is_sum(units, row, of) for of in (others, others & (customers == customers[at]))):
            found[at] = True
    if not found.any() and _is_sum(units, called, others):
        return called
    return found


def _find_sums(sheet: InputSheet, named: Named, currency: str) -> list[Finding]:
    """Return the warnings of customers of few rows whose amounts are the sum of those of all others.

    Whatever it is called, such a customer is more often a total than not; it is counted.
    """
    units = _count_totalled_units(sheet, FEWEST)
    names = set[str]() if units is None else _find_summing_customers(sheet, units)
    names -= {"", *named.get("customer", ())}
    if not names:
        return []

    def tell(name: str) -> Trouble:
        amount = say_amount(sheet, sheet.among("customer", {name}), currency)
        what = phrase("K06", "adds_up_all", name=quote_value(name), amount=amount)
        return Trouble("K06", what)

    mask = sheet.among("customer", names)
    return exclude_faulty_rows(sheet, [build_fault_by_name("K06", sheet, "customer", mask, tell, out=False)])[
        1
    ]


def _find_summing_customers(sheet: InputSheet, units: Amounts) -> set[str]:
    """Return the customers of no more rows than months whose amounts are the sum of those of all others."""
    codes, words = sheet.codes("customer"), sheet.words("customer")
    count = np.bincount(codes[codes >= 0], minlength=len(words))
    total = units.sum(axis=0)
    sums = np.zeros((len(words), units.shape[1]), dtype=np.int64)
    np.add.at(sums, codes[codes >= 0], units[codes >= 0])
    filled = round_to_cents(sums) != 0
    equal = (np.abs(2 * sums - total) <= _CENT) | ~filled
    others = (count > 0).sum() - 1
    found = filled.any(axis=1) & equal.all(axis=1) & (len(sheet) - count >= FEWEST) & (others >= 2)
    if not found.any() or len(np.unique(units[:, 0])) <= FEWEST:
        return set()
    months = len(np.unique(_number_months(sheet)))
    return {str(words[i]) for i in np.flatnonzero(found & (count <= max(1, months)))}


def _find_listings(book: Book) -> list[_NamedTotals]:
    """Return the columns of names in which any is called as a total is."""
    read: dict[tuple[str, str], Total | None] = {}
    found = []
    for table, column in _list_totalled_columns(book):
        sheet, kind = book[table], TABLES[table].column(column).name_kind
        names = sorted(sheet.present(column))
        read |= {(kind, name): read_total(name) for name in names if (kind, name) not in read}
        totals = {name: total for name in names if (total := read[kind, name]) is not None}
        found += [_NamedTotals(sheet, column, kind, totals)] if totals else []
    return found


def _list_totalled_columns(book: Book) -> list[tuple[str, str]]:
    """Return the columns that are there in which a name may be that of a total, by table and name."""
    return [
        (table, column.name)
        for table in TABLES
        if table in book
        for column in TABLES[table].columns
        if column.named_total and column.name in book[table].place.cells
    ]


def _map_known_names(book: Book) -> Known:
    """Return what totals may be of: for each kind of name, the keys and the names that have each."""
    known: Known = {}
    for table, sheet in book.items():
        for column in TABLES[table].columns:
            if column.kind in ("customer", "name") and column.name in sheet.place.cells:
                of_kind = known.setdefault(column.name_kind, {})
                for name in sheet.present(column.name):
                    of_kind.setdefault(fold_total_words(name), set()).add(name)
    for text in _list_described_texts(book):
        known.setdefault("customer", {}).setdefault(fold_total_words(text), set()).add("")
    return known


def _list_described_texts(book: Book) -> set[str]:
    """Return what describes customers and what they buy, such as segments and products."""
    columns = [("Customers", text) for text in DESCRIBED] + [("Sales", "product")]
    there = [(table, of) for table, of in columns if table in book and of in book[table].place.cells]
    return {text for table, of in there for text in book[table].frame[of].unique()}


def _is_out(
    one: _NamedTotals,
    name: str,
    total: Total,
    book: Book,
    named: Named,
    known: Known,
    proven: Collection[tuple[str, str]],
) -> bool:
    """Whether the rows of a name are totals."""
    if (one.kind, name) in proven:
        return True
    if not _is_of(name, total, known.get(one.kind, {})):
        return False
    if DEFINED_IN.get(one.kind) != one.table:
        return name not in named.get(one.kind, ())
    return one.kind != "customer" and len(one.sheet.present(one.column)) > 1 and not _is_used(one, name, book)


def _is_of(name: str, total: Total, known: Mapping[str, set[str]]) -> bool:
    """Whether it is known what a total adds up: everything, a period, or another name."""
    return not total.of or total.of_period or any(known.get(key, set()) - {name} for key in total.keys)


def _is_used(one: _NamedTotals, name: str, book: Book) -> bool:
    """Whether a table other than that which lists the names has this one."""
    return any(
        name in sheet.present(column.name)
        for table, sheet in book.items()
        for column in (TABLES[table].columns if table != one.table else ())
        if column.kind == "name" and column.name_kind == one.kind and column.name in sheet.place.cells
    )


def _is_doubtful(one: _NamedTotals, name: str, named: Named) -> bool:
    """Whether it is worth a word that a name called as a total is counted."""
    if one.kind != "customer":
        return not one.totals[name].of
    if one.table != "Customers":
        return name not in named["customer"]
    rows = one.sheet.frame[one.sheet.among("customer", {name})]
    return not one.totals[name].of and not any((rows[column] != "").any() for column in DESCRIBED)


# --- amounts -----------------------------------------------------------------------------------------


def count_units(sheet: InputSheet, columns: Collection[str]) -> Amounts | None:
    """Return amounts in whole ten-thousandths, rows × columns; ``None`` where they are too large for that."""
    values = np.nan_to_num(sheet.frame[list(columns)].to_numpy(dtype=np.float64), nan=0.0)
    if not values.size or np.abs(values).max() * UNITS * len(values) >= _MOST:
        return None
    units: Amounts = np.rint(values * UNITS).astype(np.int64)
    return units


def round_to_cents(units: Amounts) -> Amounts:
    """Return amounts rounded to whole cents."""
    return np.floor_divide(units + _CENT // 2, _CENT)


def _find_summing_names(one: _NamedTotals, known: Known) -> list[str]:
    """Return the names whose amounts are the sum of all other rows, or of those of the same months.

    Names of which nobody knows what they are totals of, such as regions, may add up everything together.
    """
    units = _count_totalled_units(one.sheet, 0) if one.kind in ("customer", "resource") else None
    if units is None:
        return []
    others = ~one.sheet.among(one.column, {*one.totals, ""})
    months = _number_months(one.sheet)
    found = []
    for name in one.totals:
        rows = one.sheet.among(one.column, {name})
        of_months = others & np.isin(months, months[rows])
        if any(_is_sum(units, rows, of) for of in (others, of_months)):
            found.append(name)
    unknown = [n for n, t in one.totals.items() if not _is_of(n, t, known.get(one.kind, {}))]
    if len(unknown) > 1 and _is_sum(units, one.sheet.among(one.column, unknown), others):
        found += unknown
    return found


def _count_totalled_units(sheet: InputSheet, rows: int) -> Amounts | None:
    """Return the amounts of a table of more ``rows`` than these; ``None`` where there are none to be added up."""
    columns = [c for c in sheet.place.table.totalled if c in sheet.place.cells]
    return count_units(sheet, columns) if columns and len(sheet) > rows else None


def _is_sum(units: Amounts, rows: Mask, of: Mask) -> bool:
    total, sums = round_to_cents(units[rows].sum(axis=0)), round_to_cents(units[of].sum(axis=0))
    filled = total != 0
    return bool(of.sum() > 1 and filled.any() and (total == sums)[filled].all())


def _number_months(sheet: InputSheet) -> npt.NDArray[np.int64]:
    """Return the month of each row, counted from 1970; all the same where the table has no dates."""
    if "date" not in sheet.frame:
        return np.zeros(len(sheet), dtype=np.int64)
    return sheet.frame["date"].to_numpy().astype("datetime64[M]").astype(np.int64)


# --- what is said ------------------------------------------------------------------------------------


def say_amount(sheet: InputSheet, rows: Mask, currency: str) -> str:
    """Return how much some rows are, as ``6,300.00 EUR``; empty where the table has no amounts."""
    table = sheet.place.table
    column = next(iter(table.totalled), "")
    if column not in sheet.place.cells:
        return ""
    amount = sum_floats(sheet.frame[column].to_numpy(dtype=np.float64)[rows])
    if not table.column(column).is_money:
        return phrase("totals", "quantity", sum=amount)
    return _("{sum:,.2f} {currency}", sum=amount, currency=currency)


def _report_excluded_totals(
    sheet: InputSheet, one: _NamedTotals, names: Collection[str], currency: str
) -> Fault:
    words, codes = sheet.words(one.column), sheet.codes(one.column)
    at = np.flatnonzero(sheet.among(one.column, names))
    fix = None if one.kind == "customer" else phrase("K04", "no_action_needed")

    def tell(which: int) -> Trouble:
        rows = codes == which
        amount, count = say_amount(sheet, rows, currency), sheet.count(rows)
        if amount:
            what = phrase(
                "K04",
                "total_rows_left",
                n=count,
                name=quote_value(words[which]),
                amount=amount,
            )
        else:
            what = phrase(
                "K04",
                "total_rows_left_out",
                n=count,
                name=quote_value(words[which]),
            )
        return Trouble("K04", what, fix)

    return Fault("K04", one.column, at, tell, codes[at], counted=True, out=True)


def _report_counted_totals(sheet: InputSheet, one: _NamedTotals, names: Collection[str]) -> Fault:
    def tell(name: str) -> Trouble:
        return Trouble("K06", phrase("K06", "may_total_counted", name=quote_value(name)))

    return build_fault_by_name("K06", sheet, one.column, sheet.among(one.column, names), tell, out=False)
