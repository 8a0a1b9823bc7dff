"""The bridge: each customer's change of profit between two sides, split into effects that add up to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.analysis.attributes import find_values, list_attributes
from xlprofit.arguments import require_kind
from xlprofit.comparison import activity_effects, sales_effects
from xlprofit.comparison.explanation import explain_effect
from xlprofit.comparison.names import match_customers, rename_words
from xlprofit.comparison.side import Side, take_side
from xlprofit.comparison.sold import VALUES
from xlprofit.comparison.whole_effects import WHOLE, find_whole_rows
from xlprofit.errors import UnknownNameError, XlprofitError, build_attribute_error
from xlprofit.headings import resolve_attribute
from xlprofit.messages import _
from xlprofit.vocabulary.effects import Effect
from xlprofit.vocabulary.measures import BELOW, Measure

if TYPE_CHECKING:  # results are handed in: what makes them is not needed
    from xlprofit.results import Results

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

EFFECTS = tuple(map(str, Effect))
"""The effects, in the order in which a bridge shows them."""

NOBODY = ""
"""The row of what belongs to no customer and yet stands above the company's own lines."""


@dataclass(frozen=True)
class Comparison:
    """Two sides and what changed between them. Money is in the currency of both; a gain of profit is positive.

    A customer is *new* that has gross revenue after and none before, *lost* the other way round: its whole change is
    that effect. Every other change is split: sales as :mod:`xlprofit.comparison.sales_effects` says, activities as
    :mod:`xlprofit.comparison.activity_effects` does, direct costs, commissions and the cost of credit in whole.
    ``other`` is the change of sales that have no quantity, or none to divide by, and so no price.

    Attributes:
        before, after: the sides.
    """

    before: Side
    after: Side

    @cached_property
    def spelt(self) -> dict[str, str]:
        """How customers of before are spelt after, where that differs."""
        return match_customers(map(str, self.before.results.names), map(str, self.after.results.names))

    @cached_property
    def customers(self) -> pd.Index[str]:
        """The customers of both sides, sorted."""
        if not self.spelt and self.before.results.names.equals(self.after.results.names):
            return self.after.results.names
        first = [self.spelt.get(str(name), str(name)) for name in self.before.results.names]
        names: pd.Index[str] = pd.Index(
            sorted({*first, *map(str, self.after.results.names)}), dtype=object, name="customer"
        )
        return names

    @cached_property
    def profits(self) -> pd.DataFrame:
        """The profit of each customer ``before`` and ``after``, and its ``change``; 0 on a side that lacks it."""
        first = self.before.profits.rename(index=self.spelt).groupby(level=0, sort=False).sum()
        frame = pd.DataFrame(
            {
                "before": first.reindex(self.customers, fill_value=0.0),
                "after": self.after.profits.reindex(self.customers, fill_value=0.0),
            },
            index=self.customers,
        )
        return frame.assign(change=frame["after"] - frame["before"])

    @cached_property
    def status(self) -> pd.Series:
        """``new``, ``lost`` or nothing for each customer."""
        first = self.before.sells.rename(index=self.spelt).groupby(level=0, sort=False).any()
        sold = first.reindex(self.customers, fill_value=False).to_numpy(dtype=bool)
        sells = self.after.sells.reindex(self.customers, fill_value=False).to_numpy(dtype=bool)
        words = np.where(sells & ~sold, str(Effect.NEW), np.where(sold & ~sells, str(Effect.LOST), ""))
        return pd.Series(words, index=self.customers, dtype=object)

    @cached_property
    def bridge(self) -> pd.DataFrame:
        """The change of each customer's profit, customers × effects; a row adds up to the customer's change.

        Columns :data:`EFFECTS`. Volume and mix are those of the customer's own products.
        """
        return self._effects.loc[self.customers]

    @cached_property
    def company(self) -> pd.DataFrame:
        """The change of the company's profit: a row an effect, the company's own lines and ``company_profit``.

        Columns ``customers``, ``no_customer`` and ``total``. Volume and mix are of all that was sold: its mix is
        between products *and* customers, so that each differs from the sum of the customers' while both together
        do not.
        """
        own = self._restate_mix(self.bridge.sum(), np.zeros(len(self.customers), dtype=np.int64), 1).iloc[0]
        frame = pd.DataFrame({"customers": own, "no_customer": self._effects.loc[NOBODY]}).loc[list(EFFECTS)]
        frame["total"] = frame["customers"] + frame["no_customer"]
        below = (self.after.below - self.before.below)[list(BELOW)]
        lines = pd.DataFrame({"customers": 0.0, "no_customer": below, "total": below})
        whole = pd.concat([frame, lines])
        whole.loc[str(Measure.COMPANY_PROFIT)] = whole.sum()
        return whole.rename_axis("effect")

    def by(self, attribute: str) -> pd.DataFrame:
        """Return the bridge by what the Customers table says of the customers: values × effects.

        Args:
            attribute: a column of Customers, such as ``segment``, or ``parent`` for groups of companies; a customer
                without one stands under an empty value.

        Returns:
            A row a value, columns as :attr:`bridge`. Volume and mix are of all that the customers of a value bought.

        Raises:
            UnknownNameError: Customers has no such column.
        """
        require_kind(attribute, str, "attribute", _("the name of a column of {Customers}"))
        values = self._list_attribute(attribute)
        codes, names = pd.factorize(values, sort=True)
        place = codes.astype(np.int64)
        sums = np.zeros((len(names), len(EFFECTS)))
        np.add.at(sums, place, self.bridge.to_numpy())
        frame = pd.DataFrame(sums, index=pd.Index(names, name=attribute, dtype=object), columns=list(EFFECTS))
        return self._restate_mix(frame, place, len(names))

    def explain(self, customer: str, effect: str) -> pd.DataFrame:
        """Return the source rows that an effect of a customer is the sum of.

        Args:
            customer: the customer, whatever its case and outer blanks; ``""`` for what has no customer.
            effect: one of :data:`EFFECTS`.

        Returns:
            Rows as :meth:`xlprofit.results.Results.explain` has them, with ``side`` (``before`` or ``after``) and
            ``effect``: what the row adds to the effect, in money. Its sum is the effect.

        Raises:
            UnknownNameError: there is no such customer or effect.
        """
        require_kind(effect, str, "effect", _("the name of an effect, such as {example}", example="price"))
        wanted = effect.strip().casefold().replace(" ", "_")
        if wanted not in EFFECTS:
            raise UnknownNameError(effect, EFFECTS, "effect")
        return explain_effect(self, self.resolve_customer(customer), Effect(wanted))

    def resolve_customer(self, customer: str) -> str:
        """Return the customer's name as it is spelt here; :class:`UnknownNameError` if neither side has it."""
        require_kind(customer, str, "customer", _("the name of a customer"))
        if not customer.strip():
            return NOBODY
        for side in (self.after, self.before):
            try:
                name = side.results.resolve_customer(customer)
            except UnknownNameError:
                continue
            return self.spelt.get(name, name) if side is self.before else name
        raise UnknownNameError(customer, self.customers, "customer")

    # --- what the bridge is made of ----------------------------------------------------------------

    @cached_property
    def items(self) -> pd.DataFrame:
        """What was sold on both sides, item by item (:func:`xlprofit.comparison.sales_effects.pair_items`)."""
        return sales_effects.pair_items(self.before, self.after, self.spelt)

    @cached_property
    def spelt_products(self) -> tuple[dict[str, str], dict[str, str]]:
        """How the products of before and those of after are called among the items, where that differs."""
        return sales_effects.match_products(self.before, self.after)

    @cached_property
    def charges(self) -> pd.DataFrame:
        """What activities were charged on both sides (:func:`xlprofit.comparison.activity_effects.pair_charges`)."""
        return activity_effects.pair_charges(self.before, self.after, self.terms, self.spelt)

    @cached_property
    def terms(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The terms of both sides' time equations, with their ``key`` and ``basis``."""
        ours, theirs = self.before.results.equations, self.after.results.equations
        return activity_effects.name_terms(activity_effects.fold_terms(ours, theirs), theirs)

    @cached_property
    def rows(self) -> pd.Index[str]:
        """The customers, and last of all nobody."""
        return self.customers.append(pd.Index([NOBODY], dtype=object))

    def place_customers(self, column: pd.Series) -> Places:
        """Return the place of each customer of a column of words among the rows of the bridge."""
        categories = column.cat.categories
        if id(categories) not in self._looked_up:
            places = self.rows.get_indexer(pd.Index(categories, dtype=object))
            self._looked_up[id(categories)] = (categories, places)
        return np.asarray(self._looked_up[id(categories)][1][column.cat.codes.to_numpy()], dtype=np.int64)

    @cached_property
    def _looked_up(self) -> dict[int, tuple[pd.Index, npt.NDArray[np.intp]]]:
        """The places of the words of columns met so far; the words are kept, so that they stay the same ones."""
        return {}

    @cached_property
    def average_margins(self) -> Floats:
        """The average margin a unit of before of each customer, and last of nobody; blank where it sold nothing."""
        place = self.place_customers(self.items["customer"])
        return sales_effects.find_average_margins(self.items, place, len(self.rows))[0]

    @cached_property
    def _effects(self) -> pd.DataFrame:
        """The bridge with a last row of what belongs to nobody."""
        count = len(self.rows)
        table = np.zeros((count, len(EFFECTS)))
        for place, effects in (*self._list_sales_effects(), *self._list_charge_effects(), *self._list_sums()):
            for effect, values in effects.items():
                table[:, EFFECTS.index(effect)] += np.bincount(place, weights=values, minlength=count)
        status = np.append(self.status.to_numpy(dtype=object), "")
        change = np.append(self.profits["change"].to_numpy(), 0.0)
        for word in (Effect.NEW, Effect.LOST):
            whole = status == str(word)
            table[whole] = 0.0
            table[whole, EFFECTS.index(word)] = change[whole]
        return pd.DataFrame(table, index=self.rows, columns=list(EFFECTS)).rename_axis("customer")

    def _list_sales_effects(self) -> Iterator[tuple[Places, dict[Effect, Floats]]]:
        items = self.items
        place = self.place_customers(items["customer"])
        for n, sign in (("0", -1.0), ("1", 1.0)):
            rows = pd.DataFrame({v: items[f"{v}{n}"] for v in VALUES})
            yield place, sales_effects.split_sales(rows, items, self.average_margins[place], sign)

    def _list_charge_effects(self) -> Iterator[tuple[Places, dict[Effect, Floats]]]:
        if self.before.does_the_same(self.after):
            return
        charges = self.charges
        place = self.place_customers(charges["customer"])
        for n, late in (("0", False), ("1", True)):
            rows = pd.DataFrame({v: charges[f"{v}{n}"] for v in ("amount", "units")})
            yield place, activity_effects.split_charges(rows, charges, late)

    def _list_sums(self) -> Iterator[tuple[Places, dict[Effect, Floats]]]:
        """Yield the effects that are a change in whole: direct costs, commissions and the cost of credit."""
        for side, sign, spelt in ((self.before, -1.0, self.spelt), (self.after, 1.0, {})):
            rows = side.spread
            for effect in WHOLE:
                some = rows[find_whole_rows(rows, effect)]
                words = pd.Series(rename_words(some["customer"], spelt))
                yield self.place_customers(words), {effect: sign * some["amount"].to_numpy(np.float64)}

    def _restate_mix(self, sums: pd.DataFrame | pd.Series, place: Places, count: int) -> pd.DataFrame:
        """Return sums of the bridge with the volume and the mix of all that a group's customers bought.

        Args:
            sums: the effects of each group.
            place: the group of each customer.
            count: the number of groups.
        """
        frame = sums.to_frame().T if isinstance(sums, pd.Series) else sums.copy()
        items = self.items
        who = self.place_customers(items["customer"])
        stays = np.append(self.status.to_numpy(dtype=object) == "", False)[who]
        kept = items[stays]
        codes = np.append(place, -1)[who[stays]]
        margin, before, after = sales_effects.find_average_margins(kept, codes, count)
        both = frame[str(Effect.VOLUME)].to_numpy() + frame[str(Effect.MIX)].to_numpy()
        volume = np.where(np.isnan(margin), both, (after - before) * np.nan_to_num(margin))
        frame[str(Effect.VOLUME)] = volume
        frame[str(Effect.MIX)] = both - volume
        return frame

    def _list_attribute(self, attribute: str) -> npt.NDArray[np.object_]:
        """Return what Customers says of each customer, after if it is there, else before; empty where nothing."""
        found: dict[str, str] = {}
        known = dict.fromkeys(
            a for side in (self.before, self.after) for a in list_attributes(side.results.inputs)
        )
        resolved = 0
        for side, spelt in ((self.before, self.spelt), (self.after, {})):
            inputs, names = side.results.inputs, side.results.names
            column = resolve_attribute(attribute, inputs.attributes)
            if column is not None:
                resolved += 1
                values = find_values(inputs, column, names)
                found |= {spelt.get(str(n), str(n)): str(v) for n, v in values.items() if v}
        if not resolved:
            raise build_attribute_error(attribute, list(known))
        return np.array([found.get(str(name), "") for name in self.customers], dtype=object)


def compare(before: Results | Side, after: Results | Side) -> Comparison:
    """Return what changed between two results, and why.

    Args:
        before: a run, or some periods of one (:func:`xlprofit.comparison.side.slice_periods`).
        after: the same of the other.

    Returns:
        The comparison: ``.bridge`` (customers × effects), ``.company``, ``.by(attribute)`` and
        ``.explain(customer, effect)``.

    Raises:
        ArgumentError: one is neither.
        XlprofitError: they are in different currencies.

    >>> import pandas as pd
    >>> import xlprofit
    >>> def sell(prices, units):
    ...     lines = {"date": "2024-01-31", "customer": "ACME", "product": ["A", "B", "C"], "quantity": units}
    ...     revenue = [u * p for u, p in zip(units, prices)]
    ...     return xlprofit.analyze({"Sales": pd.DataFrame({**lines, "gross_revenue": revenue, "cogs": 0.0})})
    >>> change = xlprofit.compare(sell([10, 15, 20], [1000, 800, 500]), sell([11, 15, 23], [1000, 700, 800]))
    >>> change.bridge.loc["ACME", ["price", "volume", "mix"]].round(2).tolist()
    [3400.0, 2782.61, 1717.39]
    """
    sides = take_side(before, "before"), take_side(after, "after")
    currencies = [side.results.inputs.settings.currency for side in sides]
    if currencies[0] != currencies[1]:
        raise XlprofitError(
            _("One is in {before} and the other in {after}", before=currencies[0], after=currencies[1]),
            _("Convert one of them to the currency of the other first"),
        )
    return Comparison(*sides)
