"""The sheet *Decisions*: keep, fix or end, what it takes, how sure it is, and why."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

import numpy as np
import pandas as pd

from xlprofit.language import _, number, term
from xlprofit.results import Results
from xlprofit.sheets import names
from xlprofit.sheets.frame import (
    customers_column,
    every_customer,
    heading,
    listing,
    span,
    told,
    told_rule,
    values,
    verdicts,
)
from xlprofit.sheets.parts import BarRule, Column, Format, Meaning, Sheet, SignRule, WordRule

TABLE = "decisions"
VERDICTS = WordRule((("end", Meaning.LOSS), ("fix", Meaning.WARNING), ("keep", Meaning.PROFIT)))
RANK = {"end": 0, "fix": 1, "keep": 2}


def order(results: Results) -> pd.Index:
    """Return the customers: those to end first, then to fix, then to keep; the greatest loss first."""
    verdict = results.decisions["verdict"].map(RANK).to_numpy()
    profit = results.customers["profit"].to_numpy()
    return results.names[np.lexsort([results.names.to_numpy().astype(str), profit, verdict])]


def sheet(results: Results) -> Sheet:
    """Return the sheet: verdict, lever, values on avoidable amounts, confidence and reason."""
    customers = order(results)
    frame, money = results.decisions.loc[customers], Format.MONEY
    columns = (
        customers_column(results, customers),
        Column("verdict", _("Verdict"), told(frame["verdict"]), width=10.0, rules=(told_rule(VERDICTS),)),
        Column(
            "profit",
            _("Customer profit"),
            values(results.customers["profit"].loc[customers]),
            money,
            13.0,
            total="sum",
            rules=(SignRule(),),
        ),
        Column(
            "lever",
            _("Smallest lever"),
            [lever(row) for row in frame.to_dict("records")],
            width=34.0,
            wrap=True,
            note=_("The smallest change within the limits of {Settings} that brings it to zero"),
        ),
        Column(
            "effect_of_ending_a_year",
            _("Effect of ending, a year"),
            values(frame["effect_of_ending_a_year"]),
            money,
            13.0,
            _("Change in the company's profit, on avoidable amounts alone; below zero: ending costs money"),
            rules=(SignRule(),),
        ),
        Column(
            "keep_value",
            _("Keeping is worth"),
            values(frame["keep_value"]),
            money,
            13.0,
            _("Present value over the horizon"),
        ),
        Column(
            "end_value",
            _("Ending is worth"),
            values(frame["end_value"]),
            money,
            13.0,
            _("Freed capacity put to use, less referrals lost and exit cost"),
        ),
        Column(
            "referral_value_a_year",
            _("Referrals, a year"),
            values(frame["referral_value_a_year"]),
            money,
            12.0,
            _("What ending would lose by word of mouth"),
        ),
        Column(
            "confidence",
            _("Stands in"),
            values(frame["confidence"]),
            Format.SHARE,
            10.0,
            _("Share of simulated runs in which the verdict stands"),
            rules=(BarRule(Meaning.NEUTRAL, 0.0, 1.0),),
        ),
        Column("reason", _("Why"), values(frame["reason"]), width=80.0, wrap=True),
    )
    said = _("{counts}; on avoidable amounts alone", counts=verdicts(frame["verdict"], RANK))
    top = heading(_("Decisions: keep, fix or end"), f"{said} · {span(results)}")
    return listing(
        results,
        names.called(names.DECISIONS),
        top,
        every_customer(TABLE, columns),
        Meaning.WARNING,
        frozen="C",
    )


def lever(decision: Mapping[Hashable, object]) -> str | None:
    """Return the lever in words: ``price increase 5.4 % of net revenue``; blank where there is none."""
    if not decision["lever"]:
        return None
    size, unit = float(str(decision["lever_size"])), str(decision["lever_unit"])
    if decision["lever"] == "payment days":
        amount = _("{n:,.2f} days", n=size)
    elif decision["lever"] == "order fee":
        amount = _("{n:,.2f} {currency} an order", n=size, currency=unit.partition(" ")[0])
    else:
        amount = number(size, ".1%")
    name = term("word", str(decision["lever"]))
    if decision["lever_on"]:
        return _(
            "{lever} of {activity}: {amount}", lever=name, activity=str(decision["lever_on"]), amount=amount
        )
    return f"{name}: {amount}"
