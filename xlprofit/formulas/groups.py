"""Groups of customers in the look-ups, such as ``segment:Hotels``: their rows of the results sheet added up."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from xlprofit.formulas.cells import (
    BLANK,
    FormulaError,
    find_cell_error,
    fold_cell_customer,
    fold_cell_name,
    fold_measure_name,
    format_cell_text,
    is_blank,
    quote_cell,
    unwrap_cell,
)
from xlprofit.formulas.words import build_unknown_word_error, get_row_cell
from xlprofit.languages import list_terms
from xlprofit.messages import _
from xlprofit.vocabulary.measures import Measure

if TYPE_CHECKING:
    from xlprofit.formulas.results_sheet import Lookup

_OFFERED = 2000
"""So many values of an attribute are looked through for the nearest."""

KIND = "attribute"
"""The kind of the columns of the results sheet that say what a customer is."""


class GroupRow(Sequence[object]):
    """The row of a group: each cell the sum of its customers' cells, worked out when it is asked for."""

    def __init__(self, lookup: Lookup, name: str, rows: Sequence[Sequence[object]]) -> None:
        """Hold the rows of the customers; ``name`` is what the group was asked for as."""
        self.lookup, self.name, self.rows = lookup, name, rows
        spans = ("", *lookup.periods)
        margin = fold_measure_name(Measure.MARGIN)
        self._margins = {lookup.where.get(("measure", margin, "", span)): span for span in spans}

    def __len__(self) -> int:
        """Return the number of cells, as a customer's row has them."""
        return max(map(len, self.rows))

    def __getitem__(self, place: Any) -> Any:
        """Return the sum of a column over the customers; nothing where none of them has a number there."""
        if place == 0:
            return self.name
        if place in self._margins:
            return self._compute_margin(self._margins[place])
        cells = list(self._list_numbers(place))
        return math.fsum(cells) if cells else None

    def _list_numbers(self, place: int) -> Iterator[float]:
        for cell in (get_row_cell(row, place) for row in self.rows):
            if isinstance(cell, (int, float)):
                yield float(cell)

    def _compute_margin(self, period: str) -> float | None:
        where = self.lookup.where
        profit, revenue = (
            where.get(("measure", fold_measure_name(name), "", period))
            for name in (Measure.PROFIT, Measure.NET_REVENUE)
        )
        if profit is None or revenue is None:
            return None
        net = math.fsum(self._list_numbers(revenue))
        return math.fsum(self._list_numbers(profit)) / net if net > 0 else None


def find_customer_row(lookup: Lookup, customer: object) -> Sequence[object] | FormulaError | str:
    """Return the customer's row or, where there is none, what its cell shows: an error, a blank for a blank."""
    name = customer if isinstance(customer, str) else unwrap_cell(customer)
    place = lookup.spelled.get(name) if isinstance(name, str) else None
    if place is None:
        place = lookup.places.get(fold_cell_customer(name))
    if place is not None:
        return lookup.rows[place]
    error = find_cell_error(name)
    if error is not None:
        return error
    if is_blank(name):
        return BLANK
    group = find_group_row(lookup, name)
    if group is not None:
        return group
    return _build_unknown_group_error(lookup, format_cell_text(name)) or _build_unknown_customer_error(
        lookup, name
    )


def _build_unknown_customer_error(lookup: Lookup, name: object) -> FormulaError:
    """Return the error of a name that no customer has; where a group has it, how that is asked for."""
    what = _("There is no customer {name} in the last refresh", name=quote_cell(name))
    for attribute in dict.fromkeys(column.name for column in lookup.columns if column.kind == KIND):
        if fold_cell_name(name) in _place_groups(lookup, attribute):
            group = f"“{attribute}:{' '.join(format_cell_text(name).split())}”"
            what += _(". Did you mean {names}?", names=group)
            break
    return FormulaError("#N/A", what)


def _build_unknown_group_error(lookup: Lookup, text: str) -> FormulaError | None:
    """Return the error of a group that is not there: of its value, or of its attribute; ``None`` of a plain name."""
    head, colon, value = text.partition(":")
    if not colon:
        return None
    known = [column.name for column in lookup.columns if column.kind == KIND and column.name]
    key = fold_measure_name(head)
    attribute = next((name for name in known if _is_called(KIND, name, key)), None)
    if attribute is None:
        words = dict.fromkeys(known)
        return build_unknown_word_error("attribute", head, words, code="#N/A") if words else None
    places = _place_groups(lookup, attribute)
    column = next(i for i, c in enumerate(lookup.columns, 1) if c.kind == KIND and c.name == attribute)
    values = sorted({format_cell_text(lookup.rows[own[0]][column]) for own in places.values()})
    return build_unknown_word_error(attribute, value, values[:_OFFERED], code="#N/A", context="Customers")


def find_group_row(lookup: Lookup, name: object) -> GroupRow | None:
    """Return the row of a group, ``attribute:value``; ``None`` where no customer is that.

    The attribute ends at the first colon with which there is such a value: either may have a colon in it.
    """
    text = format_cell_text(name)
    at = text.find(":")
    while at >= 0:
        places = _place_groups(lookup, text[:at]).get(fold_cell_name(text[at + 1 :]))
        if places:
            return GroupRow(lookup, text, [lookup.rows[place] for place in places])
        at = text.find(":", at + 1)
    return None


def _place_groups(lookup: Lookup, attribute: str) -> dict[str, list[int]]:
    """Return the rows of each value of an attribute, by the value's key; empty where there is no such attribute."""
    key = fold_measure_name(attribute)
    if key not in lookup.groups:
        column = next((i for i, c in enumerate(lookup.columns, 1) if _is_called(c.kind, c.name, key)), None)
        found: dict[str, list[int]] = {}
        for place, value in _list_values(lookup.rows, column):
            found.setdefault(fold_cell_name(value), []).append(place)
        lookup.groups[key] = found
    return lookup.groups[key]


def _is_called(kind: str, name: str, key: str) -> bool:
    """Whether a column says an attribute of this key, which may be its name in any language."""
    if kind != KIND or not key:
        return False
    return key == fold_measure_name(name) or key in map(fold_measure_name, list_terms("Customers", name))


def _list_values(rows: Sequence[Sequence[object]], column: int | None) -> Iterable[tuple[int, object]]:
    """Yield the place and the value of each row that has one in a column."""
    if column is not None:
        for place, row in enumerate(rows):
            if column < len(row) and not is_blank(row[column]):
                yield place, row[column]
