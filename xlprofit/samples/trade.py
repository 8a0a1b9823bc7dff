"""What a trade is: its resources, its time equations, and the customers of a sample year."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

BY_VOLUME = ("order", "deliver")
"""The groups of activities that go with a customer's volume; all others go with the attention that it needs."""


@dataclass(frozen=True)
class Resource:
    """A resource that serves customers: ``price`` a unit of capacity, in money, and how busy its year was.

    ``use`` is the share of its practical capacity that the sample used; ``step`` in how many units a month its
    capacity comes and goes, where that is known.
    """

    name: str
    unit: str
    price: float
    practical: float = 0.8
    avoidable: float = 0.9
    use: float = 0.85
    step: float = float("nan")


@dataclass(frozen=True)
class Support:
    """A resource that serves others: its cost, as a share of theirs, and who gets how much of it."""

    name: str
    share: float
    to: Mapping[str, float]
    avoidable: float = 0.2


@dataclass(frozen=True)
class Term:
    """A term of a time equation: units of a resource for each unit of a driver; no driver: the base term."""

    resource: str
    rate: float
    driver: str = ""


@dataclass(frozen=True)
class Activity:
    """An activity and its time equation; ``unit_cost``, in money, where it is bought and no resource does it."""

    name: str
    group: str
    terms: tuple[Term, ...] = ()
    unit_cost: float | None = None
    level: str = "customer"
    avoidable: float | None = None
    a_month: float = 0.0
    """How often it is done for nobody in particular; of the levels channel and corporate."""


@dataclass(frozen=True)
class Product:
    """What is sold: the list price of a unit, and what it costs to buy, as a share of that."""

    name: str
    price: float
    cost: float


@dataclass(frozen=True)
class Habit:
    """How often an activity is done for a customer in a month, and its drivers for each time."""

    times: float
    drivers: Mapping[str, float] = field(default_factory=dict)


def by_word(words: Mapping[str, tuple[str, Mapping[str, float]]]) -> Callable[..., dict[str, Habit]]:
    """Return what makes habits from a word for each activity and how often it is done in a month.

    ``words`` has the activity of each word and its drivers for each time.
    """

    def habits(**times: float) -> dict[str, Habit]:
        return {words[word][0]: Habit(often, words[word][1]) for word, often in times.items()}

    return habits


@dataclass(frozen=True)
class Account:
    """A customer of the sample year: what it buys in a month at list price, and what it asks for.

    ``volume`` and ``attention`` go in a straight line from the first month to the last, 1 being usual; sales
    begin in month ``first``, counted from 0. It pays ``late`` days after the term, or a few
    more, and nothing from month ``unpaid_from`` on.
    """

    name: str
    segment: str
    channel: str
    owner: str
    since: str
    buys: Mapping[str, float]
    habits: Mapping[str, Habit]
    discount: float = 0.05
    returns: float = 0.0
    volume: tuple[float, float] = (1.0, 1.0)
    attention: tuple[float, float] = (1.0, 1.0)
    term: int = 30
    late: int = -3
    first: int = 0
    unpaid_from: int = 12


@dataclass(frozen=True)
class Prospect:
    """A company that is not a customer yet, and what it would need in a year, where that is known.

    ``None`` is an unknown.
    """

    name: str
    segment: str
    revenue: float | None
    margin: float | None
    win: float | None
    cost: float
    hours: float
    resource: str
    high_care: float | None = None
    payment_days: float | None = None
    loss: float | None = None
    needs: Mapping[str, Habit] = field(default_factory=dict)


@dataclass(frozen=True)
class Trade:
    """A trade: what is usual in it, and a sample year of a company in it.

    ``commissions`` are (scope, value, basis, rate), ``direct_costs`` (month from 1, customer, group, amount,
    note), ``referrals`` (referrer, referred, probability that it would have come anyway, reward); ``settings`` are
    those that the trade has beside the usual ones.
    """

    title: str
    resources: tuple[Resource, ...]
    support: tuple[Support, ...]
    activities: tuple[Activity, ...]
    products: tuple[Product, ...]
    accounts: tuple[Account, ...]
    commissions: tuple[tuple[str, str, str, float], ...]
    direct_costs: tuple[tuple[int, str, str, float, str], ...]
    referrals: tuple[tuple[str, str, float, float], ...]
    prospects: tuple[Prospect, ...]
    season: tuple[float, ...] = (1.0,) * 12
    settings: Mapping[str, object] = field(default_factory=dict)

    @property
    def drivers(self) -> tuple[str, ...]:
        """The driver columns of ActivityLog, in the order in which the time equations name them."""
        return tuple(dict.fromkeys(t.driver for a in self.activities for t in a.terms if t.driver))
