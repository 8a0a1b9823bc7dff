"""What keeping each customer is worth, and ending it: present values over the horizon.

Source: S. Gupta and D. R. Lehmann, *Managing Customers as Investments*, 2005. With *contribution* what goes a year if
the customer goes, at its run rate, *a* the chance that it is a customer now, *r* that, being one, it is one a year
later, and *i* the discount rate:

- Where the forecast of the next twelve months has a track record of half a year or more
  (:mod:`xlprofit.outlook.track_record`) it is the first year, due a year from now; what follows is the same times
  survival. With *years = Σ rᵗ⁻¹ / (1 + i)ᵗ* and *share* the part of the year in which it is a customer (*a* × the mean
  of its survival within the year), *keep value = years × (expected profit + share × cost that would stay)*: the cost
  that ending would not avoid is in the profit expected, and is no reason to end.
- Where the setting ``retention`` is given, or less could be held out, *keep value = a × Σ rᵗ / (1 + i)ᵗ ×
  contribution*.

What ending frees and loses a year is worth as much as a year of the customer: *annuity = years × share*, or *a × Σ rᵗ /
(1 + i)ᵗ*. Where the forecast is the run rate × share, the first equation is *annuity × contribution* too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from xlprofit.analysis.lifetime import find_multiples
from xlprofit.closed_form import find_multiple

if TYPE_CHECKING:
    from xlprofit.tables import Settings

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Expectation:
    """What is to be expected of each customer.

    ``active`` is the chance that each is a customer now, ``retention`` that, being one, it is one a year later,
    ``stays`` the share of the year ahead in which it is one, being one now, and ``leaves`` the chance that it is none
    within the year, where that is read from the figures. ``profit`` is what is expected of the next twelve months,
    money, blank where values rest on the run rate.
    """

    active: Numbers
    retention: Numbers
    stays: Numbers
    leaves: Numbers
    profit: Numbers

    @property
    def foretold(self) -> npt.NDArray[np.bool_]:
        """Whose values rest on the forecast."""
        return np.isfinite(self.profit)

    def find_annuity(self, settings: Settings) -> Numbers:
        """Return what 1 a year is worth over the horizon of a customer that may leave, or have left."""
        discount = 1.0 + settings.discount_rate
        first = np.where(self.foretold, self.stays / discount, self.retention / discount)
        years = find_multiples(self.retention, settings.discount_rate, settings.horizon, "start")
        return np.asarray(self.active * (years * first))

    def draw_annuity(self, settings: Settings, rows: npt.NDArray[np.int64], drawn: Numbers) -> Numbers:
        """Return the annuity of some customers in each run, with retention ``drawn`` times as much, 1 at most."""
        discount = 1.0 + settings.discount_rate
        kept = np.minimum(self.retention[rows, None] * drawn, 1.0) / discount
        first = np.where(self.foretold[rows, None], self.stays[rows, None] / discount, kept)
        years = find_multiple(kept, settings.horizon, at_start=True)
        return np.asarray(self.active[rows, None] * (years * first))

    def value_keeping(self, contribution: Numbers, run_rate: Numbers, settings: Settings) -> Numbers:
        """Return what keeping each customer is worth over the horizon; equations in the module.

        Args:
            contribution: what goes a year if the customer goes, at its run rate, money.
            run_rate: what it earns a year at today's level, money.
            settings: discount rate and horizon.
        """
        years = find_multiples(self.retention, settings.discount_rate, settings.horizon, "start")
        beyond = self.profit - self.active * self.stays * run_rate
        more = np.where(self.foretold, years * beyond / (1.0 + settings.discount_rate), 0.0)
        return np.asarray(self.find_annuity(settings) * contribution + more)
