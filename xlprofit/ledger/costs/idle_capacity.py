"""Idle capacity, and resources that nothing used: what was paid for and charged to nobody."""

from __future__ import annotations

import numpy as np
import pandas as pd

from xlprofit import ledger
from xlprofit.ledger.costs.rule import Basis, CostRule
from xlprofit.ledger.effort import READS
from xlprofit.vocabulary.groups import Group
from xlprofit.vocabulary.levels import Level
from xlprofit.vocabulary.lines import Line


def price_idle_capacity(rows: pd.DataFrame, basis: Basis) -> list[pd.DataFrame]:
    """Return the cost of idle capacity and of resources that nothing used, under no customer.

    Negative idle cost (a resource over capacity, which charged more than it cost) is posted as it is,
    so that the ledger adds up to the cost given.

    Args:
        rows: the rows of Resources; a resource is posted by its first one.
        basis: the resources and what was used of them.
    """
    if not len(rows):
        return []
    used = basis.resources
    given = used.supply
    labels = [*given.periods, ""]
    first = pd.Index(rows["row"]).get_indexer(pd.Index(given.row))
    posted = []
    for line, units, rate in (
        (Line.IDLE, used.idle, used.rate),
        (Line.UNASSIGNED, used.unassigned, np.ones_like(used.unassigned)),
    ):
        resource, period = np.nonzero(np.abs(units * np.nan_to_num(rate)) > 0)
        keys: dict[str, ledger.Key] = {
            "customer": "",
            "period": ledger.code_words(period, labels),
            "line": line,
            "group": Group.CAPACITY,
            "level": Level.CORPORATE,
            "source_table": "Resources",
        }
        found = ledger.post_rows(
            keys,
            units=units[resource, period],
            rate=-rate[resource, period],
            entry=first[resource].astype(np.int64),
            source_row=given.row[resource],
        )
        posted.append(found.assign(resource=given.resources.to_numpy()[resource]))
    return posted


RULE = CostRule("Resources", price_idle_capacity, dated="", reads=READS)
