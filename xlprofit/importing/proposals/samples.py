"""Samples: the numbers in some rows of an export's columns, to be asked how the columns hang together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from xlprofit.importing.exports.amount_words import INCLUDING, TAX, TAX_RATE, WITHOUT_TAX
from xlprofit.importing.exports.conversion import read_amount
from xlprofit.importing.exports.derivation import TAXES, resolve_operand, rule_of
from xlprofit.importing.exports.export import is_blank_cell
from xlprofit.importing.exports.inference import find_decimal
from xlprofit.importing.exports.match import Match

if TYPE_CHECKING:
    from xlprofit.importing.exports.pages import Page

LOOKED_AT = 400
"""So many rows are asked how columns hang together: the first half one below the other, the others spread."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Sample:
    """Some rows of a sheet, and which column of the table each of its columns is."""

    page: Page

    @cached_property
    def rows(self) -> list[int]:
        """The rows that are looked at, from 0."""
        height = len(self.page.cells[0]) if self.page.cells else 0
        if height <= LOOKED_AT:
            return list(range(height))
        half = LOOKED_AT // 2
        return [*range(half), *range(half, height, max(1, (height - half) // half))]

    @cached_property
    def numbers(self) -> Mapping[int, Floats]:
        """The numbers of each column that mostly has such; what is none is not a number (NaN)."""
        looks = self.page.looks
        return {at: self._read(at) for at, look in enumerate(looks) if look.number >= 0.5 and look.filled}

    def _read(self, at: int) -> Floats:
        cells = self.page.cells[at]
        decimal = find_decimal(cells)
        known: dict[object, float] = {}
        found = []
        for row in self.rows:
            cell = cells[row]
            key = cell if isinstance(cell, str) else None
            value = known.get(key) if key is not None else None
            if value is None:
                read = None if is_blank_cell(cell) else read_amount(cell, decimal)
                value = np.nan if read is None else read
                if key is not None:
                    known[key] = value
            found.append(value)
        return np.array(found, dtype=np.float64)

    def list_money(self, have: Mapping[str, Match], *but: int) -> list[int]:
        """Return the columns of numbers that may be amounts: none that names, counts or dates something."""
        named = {
            m.at for name, m in have.items() if name in ("customer", "invoice", "product", "quantity", "date")
        }
        return [at for at in self.numbers if at not in named and at not in but]


def read_values(sample: Sample, have: Mapping[str, Match], name: str) -> Floats:
    """Return the amounts of a column of the table in the sample, as its rule works them out of the export's."""
    match = have[name]
    rule = rule_of(sample.page, match, have)
    values = sample.numbers.get(match.at, np.full(len(sample.rows), np.nan)) * rule.scale
    works = ((rule.times, np.multiply, 0.0), (rule.per, np.divide, 1.0), (rule.minus, np.subtract, 0.0))
    for header, work, blank in works:
        at = resolve_operand(sample.page, header)
        if at is not None and at in sample.numbers:
            values = work(values, np.nan_to_num(sample.numbers[at], nan=blank))
    return values


def list_discounts(sample: Sample, have: Mapping[str, Match], amounts: Floats) -> list[Floats]:
    """Return what a column of discounts may take off amounts: amounts of either sign, or rates."""
    values = np.nan_to_num(sample.numbers.get(have["discount"].at, np.zeros(len(sample.rows))))
    return [
        np.abs(values) * np.sign(amounts),
        amounts * np.abs(read_rates(values)),
        amounts * np.abs(values) / 100,
    ]


def list_taxes(sample: Sample, have: Mapping[str, Match]) -> Iterator[int]:
    """Yield the columns of amounts of tax, in the export's order."""
    page, used = sample.page, {match.at for match in have.values()}
    for at in sample.numbers:
        header = page.headers[at]
        is_tax = page.name_keys(at) & TAXES or TAX.search(header.replace("_", " "))
        other = TAX_RATE.search(header) or WITHOUT_TAX.search(header) or INCLUDING.search(header)
        if at not in used and is_tax and not other and np.nan_to_num(sample.numbers[at]).any():
            yield at


# --- identities ------------------------------------------------------------------------------------


def holds(left: Floats, right: Floats, telling: npt.NDArray[np.bool_], *, fewest: int = 2) -> bool:
    """Return whether two columns are the same in nearly all rows that tell it, of which there must be some.

    A cent, or two in a thousand as of a rounded price, is no difference. Other rows may not contradict it either.
    """
    known = np.isfinite(left) & np.isfinite(right)
    asked = known & telling
    if asked.sum() < fewest:
        return False
    close = np.abs(left - right) <= 0.021 + 5e-4 * np.abs(right)
    return bool(close[asked].mean() >= 0.95 and close[known].mean() >= 0.9)


def is_sum(total: Floats, *parts: Floats, fewest: int = 2) -> bool:
    """Return whether a column is the sum of others, told by rows in which the last of these is not 0.

    Each of them is there in some row, or the sum would be one of fewer.
    """
    if not all(np.nan_to_num(part).any() for part in parts):
        return False
    telling = np.nan_to_num(parts[-1]) != 0
    return holds(total, np.add.reduce([np.nan_to_num(part) for part in parts]), telling, fewest=fewest)


def is_product(product: Floats, one: Floats, other: Floats, *, fewest: int = 2) -> bool:
    """Return whether a column is the product of two others, told by rows in which the second is neither 0 nor 1."""
    telling = ~np.isin(np.nan_to_num(other), (0.0, 1.0)) & (np.nan_to_num(one) != 0)
    return holds(product, one * other, telling, fewest=fewest)


def read_rates(rates: Floats) -> Floats:
    """Return rates as fractions, be they written so or in percent."""
    known = np.abs(rates[np.isfinite(rates)])
    return rates / 100 if known.size and known.max() > 1 else rates


def are_round(shares: Floats, of: Floats, *, most: float = 0.35) -> bool:
    """Return whether shares of amounts, both rounded to cents, are whole or half percentages, as rates of tax are."""
    known = np.isfinite(shares) & (np.abs(of) >= 1)
    if known.sum() < 2:
        return False
    percent = shares[known] * 100
    slack = 100 * 0.0051 / np.abs(of[known]) + 1e-6
    near = (np.abs(percent - np.round(percent * 2) / 2) <= slack) & (percent > 0) & (percent <= most * 100)
    sure = slack < 0.12  # a smaller amount is near to some half percent by chance
    return bool(near.mean() >= 0.95 and sure.any())
