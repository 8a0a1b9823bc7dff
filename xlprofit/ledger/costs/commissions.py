"""Commissions: the most specific rule for each sale, and what it pays."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit import ledger
from xlprofit.ledger.costs.rule import Basis, CostRule
from xlprofit.ledger.periods import list_labels, place_dates
from xlprofit.tables import SCOPES, Inputs
from xlprofit.tables.commissions import COMMISSIONS
from xlprofit.tables.customers import CUSTOMERS
from xlprofit.tables.history import name_spans
from xlprofit.vocabulary.groups import Group
from xlprofit.vocabulary.levels import Level
from xlprofit.vocabulary.lines import Line
from xlprofit.vocabulary.measures import Measure


def price_commissions(rows: pd.DataFrame, basis: Basis) -> list[pd.DataFrame]:
    """Return the commission of each sales row that a rule of Commissions is for, the source row being the rule's."""
    return [pay_commissions(rows, basis.inputs)] if basis.inputs.has_rows("Commissions") else []


def pay_commissions(sales: pd.DataFrame, inputs: Inputs) -> pd.DataFrame:
    """Return the postings of the commission of each sales row that a rule is for.

    *Commission = rate × basis*, the basis being the row's net revenue or gross margin; a return
    takes its commission back. ``units`` is the basis, ``rate`` the negative of the rule's. What a rule for a product
    pays is traced to that product, what any other pays to none.
    """
    rows = sales.reset_index(drop=True).assign(rule=choose_rules(sales, inputs))
    paid = ledger.sort_rows(rows[(rows["rule"] >= 0).to_numpy()], ["customer", "date", *_MONEY])
    rule = inputs["Commissions"].set_index("row").loc[paid["rule"].to_numpy()]
    net = (paid["gross_revenue"] - paid["discount"] - paid["returns"]).to_numpy()
    margin = net - paid["cogs"].to_numpy()
    keys: dict[str, ledger.Key] = {
        "customer": paid["customer"],
        **ledger.trace_rows(paid, np.arange(len(paid))),
        "product": paid["product"].where((rule["scope"] == "product").to_numpy(), ""),
        "period": ledger.code_words(place_dates(paid["date"], inputs.settings), list_labels(inputs.settings)),
        "line": Line.COMMISSION,
        "group": Group.COMMISSION,
        "level": Level.OUTPUT_UNIT,
        "source_table": "Commissions",
    }
    return ledger.post_rows(
        keys,
        units=np.where((rule["basis"] == Measure.GROSS_MARGIN).to_numpy(), margin, net),
        rate=-rule["rate"].to_numpy(dtype=np.float64),
        entry=paid.index.to_numpy().astype(np.int64),
        source_row=rule.index.to_numpy(dtype=np.int64),
    )


def choose_rules(sales: pd.DataFrame, inputs: Inputs) -> npt.NDArray[np.int64]:
    """Return the sheet row of the rule of Commissions that holds for each sales row, −1 for none.

    The most specific rule wins: customer, owner, segment, channel, product, all; among rules of
    one scope and value that both hold on the day, the one that started last, then the higher rate.
    """
    rules = inputs["Commissions"].sort_values(["start", "rate", "row"], na_position="first", kind="stable")
    chosen = np.full(len(sales), -1, dtype=np.int64)
    for scope in reversed(SCOPES):
        of_scope = rules[(rules["scope"] == scope).to_numpy()]
        if len(of_scope):
            found = _find_rule(sales, _name_scope(sales, scope, inputs), of_scope)
            chosen = np.where(found >= 0, found, chosen)
    return chosen


RULE = CostRule("Sales", price_commissions, reads=(COMMISSIONS.name, CUSTOMERS.name))


_MONEY = ("gross_revenue", "discount", "returns", "cogs")


def _name_scope(sales: pd.DataFrame, scope: str, inputs: Inputs) -> ledger.Words:
    """Return what each sales row is in a scope: its customer, that customer's owner, its product."""
    if scope == "all":
        return ledger.code_words(np.zeros(len(sales), dtype=np.int64), [""])
    if scope in ("customer", "product"):
        return pd.Categorical(sales[scope])
    customers = inputs["Customers"].drop_duplicates("customer")
    known = dict(zip(customers["customer"].astype(str), customers[scope].astype(str), strict=True))
    who = pd.Categorical(sales["customer"])
    said = pd.Index([known.get(str(name), "") for name in who.categories], dtype=object)
    codes, names = pd.factorize(said)
    last = ledger.code_words(np.append(codes, -1)[who.codes], names)
    if inputs.history is None or "held" not in sales:
        return last
    then = _name_held_scope(sales, inputs.history, scope)
    return pd.Categorical(pd.Series(last).astype(object).where((sales["held"] == "").to_numpy(), then))


def _name_held_scope(sales: pd.DataFrame, history: pd.DataFrame, scope: str) -> pd.Series:
    """Return what the customer of each sales row was in a scope on the day of the row, where Customers is dated."""
    keys = zip(history["customer"].astype(str), name_spans(history), strict=True)
    said = dict(zip(keys, history[scope].astype(str), strict=True))
    rows = zip(sales["customer"].astype(object), sales["held"].astype(object), strict=True)
    return pd.Series([said.get(row, "") for row in rows], dtype=object)


def _find_rule(sales: pd.DataFrame, names: ledger.Words, rules: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Return the sheet row of the rule that holds for each sales row, −1 for none; later rules win."""
    chosen = np.full(len(sales), -1, dtype=np.int64)
    wanted = pd.Index(
        rules["value"].astype(str).str.casefold() if rules["scope"].iloc[0] != "all" else [""] * len(rules)
    )
    folded, values = pd.factorize(pd.Index([str(name).casefold() for name in names.categories]))
    codes = folded[names.codes]
    by_value = wanted.get_indexer_for(values)
    if not rules["start"].notna().any() and not rules["end"].notna().any() and wanted.is_unique:
        row = np.append(rules["row"].to_numpy(), -1)
        return np.asarray(row[by_value[codes]], dtype=np.int64)
    date = sales["date"].to_numpy()
    start = rules["start"].fillna(pd.Timestamp.min).to_numpy()
    end = rules["end"].fillna(pd.Timestamp.max).to_numpy()
    place = values.get_indexer(wanted)
    order = np.argsort(codes, kind="stable")
    edges = np.searchsorted(codes[order], np.arange(len(values) + 1))
    for i, row in enumerate(rules["row"].to_numpy()):
        if place[i] >= 0:
            who = order[edges[place[i]] : edges[place[i] + 1]]
            held = (date[who] >= start[i]) & (date[who] <= end[i])
            chosen[who[held]] = row
    return chosen
