"""Samples to start from: three trades, each with a sample year, and the demo company with its stories.

A sample is said in the same words, whoever makes its rows: resources, supporting resources, time equations, rules
(:mod:`xlprofit.samples.trade`), and its tables are put in form in one place (:mod:`xlprofit.samples.frames`).
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from xlprofit.samples import demo, year
from xlprofit.samples.frames import Told
from xlprofit.samples.services import SERVICES
from xlprofit.samples.subscription import SUBSCRIPTION
from xlprofit.samples.trade import Trade
from xlprofit.samples.wholesale import WHOLESALE

TRADES: Mapping[str, Trade] = {
    "wholesale": WHOLESALE,
    "services": SERVICES,
    "subscription": SUBSCRIPTION,
}
"""Every trade by the name of its template."""

DEMO = "demo"
"""The name of the demo company among the samples."""

SAMPLES = (*TRADES, DEMO)
"""Every sample by name."""


def tables(name: str, say: Told = str) -> dict[str, pd.DataFrame]:
    """Return every input table of a sample; :class:`KeyError` if there is none.

    ``say`` says the words of a trade's template in the language of the workbook; the demo company is in English.
    """
    return demo.tables() if name == DEMO else year.build_year(TRADES[name], say)
