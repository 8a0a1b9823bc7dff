"""Which customer a selected cell is about, for the sheet *Customer* to show; the same in every host."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from xlprofit.formulas.cells import fold_cell_customer, format_cell_text, is_blank
from xlprofit.formulas.results_sheet import HEADER, MARK, STACKED

CHOSEN_PLACE = (3, 2)
"""The cell of the sheet *Customer* that holds the customer to be shown: row and column."""

FIRST_CUSTOMER = len(HEADER) + 2
"""The row of the results sheet with the first customer."""


def count_customers(head: Sequence[object]) -> int:
    """Return how many customers a results sheet has, by its first row; 0 where it is none of this layout."""
    if len(head) < 7 or head[0] != MARK or format_cell_text(head[2]) != str(STACKED):
        return 0
    text = format_cell_text(head[6])
    return int(text) if text.isdigit() and len(text) < 8 else 0


def map_customer_names(names: Iterable[object]) -> dict[str, str]:
    """Return customers' names by their keys, as the results sheet has them."""
    return {fold_cell_customer(name): format_cell_text(name) for name in names if not is_blank(name)}


def find_selected_customer(known: Mapping[str, str], selected: object, in_row: Sequence[object]) -> str:
    """Return the customer whose name a cell holds, or else the first one named in its row; nothing where none is.

    A number is taken for a customer's only where it is the selected cell's, and after the names of the row.

    Args:
        known: the customers of the last refresh, as :func:`map_customer_names` has them.
        selected: what the selected cell holds.
        in_row: what the cells of its row hold.

    >>> find_selected_customer({"acme": "ACME", "4711": "4711"}, 4711.0, ["2024", " acme ", 4711.0])
    'ACME'
    """
    found = (known.get(fold_cell_customer(cell), "") for cell in _list_naming_cells(selected, in_row))
    return next(filter(None, found), "")


def _list_naming_cells(selected: object, in_row: Sequence[object]) -> Iterator[object]:
    """Yield the cells that may name a customer, the likeliest first."""
    if isinstance(selected, str):
        yield selected
    yield from (cell for cell in in_row if isinstance(cell, str))
    if not isinstance(selected, str) and not is_blank(selected):
        yield selected
