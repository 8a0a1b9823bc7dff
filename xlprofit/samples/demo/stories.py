"""The stories planted in the demo company: who plays a part in each, and how such a customer trades."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Story:
    """A planted story: its name, the customers in it, and what the software should find."""

    name: str
    customers: tuple[str, ...]
    what: str


@dataclass(frozen=True)
class Recipe:
    """How a customer in a story trades.

    ``orders``, ``lines`` (an order) and ``ticket`` (value of a line) are multiples of what is usual,
    ``care`` of the rows of an activity in the log. ``volume`` and ``attention`` go in a straight line from
    the first month to the last. Sales begin in month ``first`` and end before month ``last``, counted
    from 0; from month ``unpaid_from`` on no invoice is paid.
    """

    orders: float
    lines: float = 1.0
    ticket: float = 1.0
    discount: float = 0.08
    phone: float | None = None
    rush: float = 0.02
    late: float = 5.0
    volume: tuple[float, float] = (1.0, 1.0)
    attention: tuple[float, float] = (1.0, 1.0)
    care: Mapping[str, float] = field(default_factory=dict)
    first: int = 0
    last: int = 24
    unpaid_from: int = 24


@dataclass(frozen=True)
class Part:
    """A customer in a story: its name and segment, and the recipe that it follows."""

    story: str
    customer: str
    segment: str
    recipe: Recipe


_LOSER = Recipe(
    orders=22,
    lines=0.68,
    ticket=1.0,
    discount=0.25,
    rush=0.30,
    late=28,
    care={
        "Special labelling": 70,
        "Sales visit": 12,
        "Phone support": 16,
        "Complaint": 14,
        "Return handling": 14,
    },
)
_SLIDER = Recipe(
    orders=3.2,
    lines=0.8,
    discount=0.09,
    volume=(1.8, 0.2),
    attention=(0.25, 1.75),
    care={"Phone support": 9, "Sales visit": 5, "Complaint": 4, "Quote": 3},
)
_EARLY = Recipe(
    orders=4.8,
    ticket=1.0,
    discount=0.05,
    volume=(1.5, 0.5),
    attention=(0.35, 1.65),
    care={"Phone support": 6, "Sales visit": 1, "Complaint": 1},
)
_DEMANDING = Recipe(
    orders=3.0, discount=0.08, rush=0.25, care={"Special labelling": 24, "Complaint": 2, "Sales visit": 2}
)
_CALLER = Recipe(
    orders=1.5,
    ticket=0.75,
    discount=0.16,
    phone=1.0,
    care={"Night line call": 34, "Phone support": 9, "Web self-service": 0.0},
)
_RECOVERING = Recipe(
    orders=3.0,
    discount=0.06,
    volume=(0.15, 1.85),
    attention=(1.8, 0.2),
    care={"Phone support": 7, "Sales visit": 5, "Complaint": 3},
)
_REFERRER = Recipe(orders=0.8, lines=0.75, ticket=0.65, care={"Sales visit": 1.0, "Loyalty club": 1.0})
_REFERRED = Recipe(orders=4.0, ticket=1.3, discount=0.05, care={"Web self-service": 3, "Phone support": 1})


def _unpaid(month: int, last: int = 24, discount: float = 0.095) -> Recipe:
    return Recipe(orders=3.0, ticket=0.95, discount=discount, late=12, unpaid_from=month, last=last)


def _new(month: int) -> Recipe:
    return Recipe(orders=1.2, first=month, care={"Sales visit": 0.8, "Quote": 0.8})


def _dormant(month: int) -> Recipe:
    return Recipe(orders=1.6, last=month, volume=(1.2, 0.8))


_PARTS = (
    Part("big_loser", "Tunturihovi Hotelliketju", "Hotels", _LOSER),
    Part("sliders", "Ravintola Syystähti", "Restaurants", _SLIDER),
    Part("sliders", "Hotelli Iltarusko", "Hotels", _SLIDER),
    Part("sliders", "Keittiöaitta Väänänen", "Shops", _SLIDER),
    Part("sliders", "Lounastalo Päivänsäde", "Restaurants", _SLIDER),
    Part("sliders", "Kotipiha Öljymäki", "Shops", _SLIDER),
    Part("sliders", "Juhlapalvelu Hyväntuuli", "Restaurants", _SLIDER),
    Part("early_warning", "Kylpylä Sumusaari", "Hotels", _EARLY),
    Part("early_warning", "Ravintola Kolme Kynttilää", "Restaurants", _EARLY),
    Part("early_warning", "Astiatalo Räsänen", "Shops", _EARLY),
    Part("early_warning", "Verkkopuoti Lautanen", "Online resellers", _EARLY),
    Part("early_warning", "Henkilöstöravintolat Äyskäri", "Restaurants", _EARLY),
    Part("non_payers", "Ravintolat Ylämäki", "Restaurants", _unpaid(10, 20, 0.11)),
    Part("non_payers", "Hotelli Salmenranta", "Hotels", _unpaid(10, 21, 0.11)),
    Part("non_payers", "Sisustustukku Raitala", "Shops", _unpaid(15)),
    Part("non_payers", "Kokkinetti", "Online resellers", _unpaid(17)),
    Part("referrer", "Kahvila Torinkulma", "Restaurants", _REFERRER),
    Part("referred", "Ravintolayhtiö Hyvävirta", "Restaurants", _REFERRED),
    Part("referred", "Hotellit Sydänmaa", "Hotels", _REFERRED),
    Part("referred", "Keittiömaailma Hellström", "Shops", _REFERRED),
    Part("referred", "Suomen Kattausnetti", "Online resellers", _REFERRED),
    Part("demanding", "Designhotelli Taite", "Hotels", _DEMANDING),
    Part("demanding", "Lahjatukku Säihke", "Shops", _DEMANDING),
    Part("demanding", "Ravintola Pyörre", "Restaurants", _DEMANDING),
    Part("phone_heavy", "Yökahvila Majakka", "Restaurants", _CALLER),
    Part("phone_heavy", "Motelli Valtatie", "Hotels", _CALLER),
    Part("phone_heavy", "Grilli Yötön Yö", "Restaurants", _CALLER),
    Part("phone_heavy", "Baari Kulmapöytä", "Restaurants", _CALLER),
    Part("recovering", "Ravintola Uusi Alku", "Restaurants", _RECOVERING),
    Part("recovering", "Hotelli Aamunkoi", "Hotels", _RECOVERING),
    Part("recovering", "Kodintarvike Nousiainen", "Shops", _RECOVERING),
    Part("new", "Ravintola Ensilumi", "Restaurants", _new(20)),
    Part("new", "Bistro Keväthanki", "Restaurants", _new(20)),
    Part("new", "Hotelli Uusikartano", "Hotels", _new(21)),
    Part("new", "Keittiöpuoti Alkusoitto", "Shops", _new(21)),
    Part("new", "Nettikattila", "Online resellers", _new(21)),
    Part("new", "Kahvila Kevätjää", "Restaurants", _new(22)),
    Part("dormant", "Ravintola Lumiaura", "Restaurants", _dormant(17)),
    Part("dormant", "Hotelli Hiljainen Lahti", "Hotels", _dormant(16)),
    Part("dormant", "Talouskauppa Korpela", "Shops", _dormant(15)),
    Part("dormant", "Kahvila Lepokivi", "Restaurants", _dormant(16)),
    Part("dormant", "Kesäravintola Laituri", "Restaurants", _dormant(12)),
    Part("dormant", "Astianetti Jylhä", "Online resellers", _dormant(17)),
)

_WHAT = {
    "big_loser": "One of the largest customers by revenue loses money: deep discounts, small and rush deliveries, "
    "special labelling.",
    "sliders": "Slid from profit to loss over the two years, as volume fell and visits and calls grew.",
    "early_warning": "Still profitable, but volume falls and the attention needed grows.",
    "non_payers": "Profitable before the cost of credit, but their invoices stay unpaid for months; the expected "
    "loss turns at least two of them into losses.",
    "referrer": "Small, with a slight loss of its own, but brought several good customers that would not have come.",
    "referred": "Good customers that the referrer brought.",
    "demanding": "Special labelling and rush handling raise what it costs to deliver to them.",
    "phone_heavy": "Little margin, and a live voice by day and night where the web would do.",
    "recovering": "Went from loss to profit, as volume grew and visits and calls became fewer.",
    "new": "First sale in the last four months.",
    "dormant": "No sale in the last six months and more.",
}

STORIES = tuple(
    Story(name, tuple(p.customer for p in _PARTS if p.story == name), what) for name, what in _WHAT.items()
)
"""The planted stories. They are there from the default size up; a smaller company has the first of each."""


def cast(customers: int) -> list[Part]:
    """Return the parts that a company of so many customers has room for: the first of each story first."""
    turn: dict[str, int] = {}
    order = []
    for part in _PARTS:
        turn[part.story] = turn.get(part.story, 0) + 1
        order.append((turn[part.story], part))
    ranked = [part for _, part in sorted(order, key=lambda pair: pair[0])]
    return ranked[: customers * 3 // 5]
