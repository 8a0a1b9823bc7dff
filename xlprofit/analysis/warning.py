"""Early warning: whose net revenue falls while the attention needed grows, more than chance would have it.

Sources: D. V. Zaykin and others, "Truncated product method for combining p-values", Genetic Epidemiology 2002, for both
signs together; C. Genovese, K. Roeder and L. Wasserman, "False discovery control with p-value weighting", Biometrika
2006, for groups of effort that count by what they cost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from xlprofit.analysis import chance, slopes

if TYPE_CHECKING:
    from xlprofit.analysis.attention import Grids
    from xlprofit.analysis.chance import Flags, Floats, Integers

UNLIKELY = 0.15
"""The probability that each sign of an early warning must reach on its own, however strong the others."""

GROWS = 0.10
"""The probability that the growth of attention must reach: a fall of volume alone, however sure, is no such warning."""

OF_ALL = 0.6
"""How much of the probability goes to attention as a whole; the rest goes to its groups, by what they cost."""

SELDOM = 0.1
"""How much the cost of a group that follows net revenue counts for in that: it seldom grows against it."""

_NOTHING = 1e-12
"""What a group costs at least, in money: a share of it can be divided by."""

LONGER = 2
"""A slow slide is looked for in so many windows together."""


@dataclass(frozen=True)
class Signs:
    """What an early warning is read from, customers × periods, and what memory each customer has.

    ``revenue`` and ``attention`` (that which does not follow net revenue) are without seasons; ``groups`` has the
    effort by group, of which ``follow`` follow net revenue; ``a_year`` is the number of periods in a year.
    """

    revenue: Floats
    attention: Floats
    sale: Flags
    groups: Grids
    follow: tuple[str, ...]
    revenue_memory: Floats
    attention_memory: Floats
    a_year: float


@dataclass(frozen=True)
class Stretch:
    """Which periods are looked at: from ``start`` (a customer each) on, the last ``window``, up to ``stop``."""

    start: Integers
    window: int
    stop: int


@dataclass(frozen=True)
class Warning:
    """For each customer how likely chance alone makes net revenue fall and attention grow like that.

    ``group`` is the group of effort that grows most surely, ``slope`` by how much it does, in money a period.
    """

    probability: Floats
    group: npt.NDArray[np.object_]
    slope: Floats


@dataclass(frozen=True)
class _Evidence:
    """How likely each sign is by chance, a customer each; the surest group, and each group's slope."""

    both: Floats
    best: Integers
    slope: Floats


def find_warnings(signs: Signs, asked: Flags, reach: Stretch) -> Warning:
    """Return who loses volume while attention grows: the joint probability of both, 1 where one is missing.

    Both are looked for in the window and in :data:`LONGER` windows together, where there is so much history: a slow
    slide shows in the longer one only. The surer of the two counts, twice as likely by chance since it was sought.

    Args:
        signs: net revenue and attention.
        asked: who may be warned at all; the others get 1.
        reach: the periods.
    """
    rows = len(asked)
    found = Warning(np.ones(rows), np.full(rows, "", dtype=object), np.zeros(rows))
    names = np.array(sorted(signs.groups), dtype=object)
    early = np.maximum(reach.start, reach.stop - LONGER * reach.window)
    for begin in np.unique(early[asked]).tolist() if len(names) else ():
        some = np.flatnonzero(asked & (early == begin))
        late = max(begin, reach.stop - reach.window)
        short = _weigh_evidence(signs, some, slice(late, reach.stop))
        both, best = short.both, short.best
        if late > begin:
            long = _weigh_evidence(signs, some, slice(begin, reach.stop))
            both = np.minimum(2 * np.minimum(short.both, long.both), 1.0)
            best = np.where(long.both < short.both, long.best, short.best)
        steep = short.slope[best, np.arange(len(some))]
        found.probability[some] = np.where(steep > 0, both, 1.0)
        found.group[some], found.slope[some] = names[best], steep
    return found


def _weigh_evidence(signs: Signs, some: Integers, span: slice) -> _Evidence:
    """Return the evidence for some customers in some periods.

    Attention grows by all that does not follow net revenue, or by one group alone, whichever is surer: the two share
    the probability as :data:`OF_ALL` says, the groups by what they cost the customer.
    """
    length = np.full(len(some), span.stop - span.start)
    rhythm = slopes.rhythm(signs.sale[some, span])
    volume = slopes.fit(slopes.smooth_series(signs.revenue[some, span], rhythm), signs.a_year, rhythm)
    whole = slopes.fit(signs.attention[some, span], signs.a_year)
    each = [slopes.fit(signs.groups[g][some, span], signs.a_year) for g in sorted(signs.groups)]
    blur = np.sqrt(chance.find_inflation(signs.attention_memory[some], length))
    cost = np.array([np.cumsum(signs.groups[g][some, span], axis=1)[:, -1] for g in sorted(signs.groups)])
    counting = np.where(np.isin(sorted(signs.groups), signs.follow), SELDOM, 1.0)
    cost = np.maximum(cost * counting[:, None], _NOTHING)
    share = (1 - OF_ALL) * cost / np.add.reduce(cost, axis=0)
    one = np.array([chance.find_tail(_round_z(line.z / blur)) for line in each]) / share
    best = np.argmin(one, axis=0)
    grows = np.minimum(chance.find_tail(_round_z(whole.z / blur)) / OF_ALL, one[best, np.arange(len(some))])
    falls = chance.find_tail(
        -_round_z(volume.z / np.sqrt(chance.find_inflation(signs.revenue_memory[some], length)))
    )
    both = np.where(grows <= GROWS, chance.join_probabilities(falls, grows, UNLIKELY), 1.0)
    return _Evidence(both, best, np.array([line.slope for line in each]))


def _round_z(z: Floats) -> Floats:
    return np.asarray(np.round(z, chance.DIGITS))
