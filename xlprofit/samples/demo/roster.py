"""Who the demo company's customers are, and how each of them trades."""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.samples.demo.company import ACTIVITIES, LINES, MONTHS, OWNERS, SEASON, SEGMENTS
from xlprofit.samples.demo.names import company_names
from xlprofit.samples.demo.stories import Part, cast

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

HEAVY_CARE = 0.14
"""Share of the customers that need far more care than their orders would have one expect."""

UNINVOICED = 0.02
"""Share of the customers that are billed elsewhere, so that only their balances are known."""

KNOWN_SINCE = {"referrer": "2014-03-03", "referred": "2022-09-01"}
"""Story → the day on which its customers first bought."""

_BY_VOLUME = 0.6
"""Power with which the care of a customer grows with its orders: less than in proportion."""

_SEGMENT = {s.name: s for s in SEGMENTS}


@dataclass(frozen=True)
class Roster:
    """The customers, by name: ``frame`` has a row for each, the matrices a column a month.

    ``volume`` and ``attention`` are weights, 0 where the customer is not there; ``care`` is, by activity,
    each customer's multiple of the usual rows in the log.
    """

    frame: pd.DataFrame
    volume: Floats
    attention: Floats
    care: dict[str, Floats]


def spread(weights: Floats, total: int, rng: np.random.Generator) -> Integers:
    """Return whole numbers, shaped as the weights, that add up to ``total`` and keep close to them.

    Systematic sampling: each is within 1 of its exact share.
    """
    through = np.cumsum(weights.ravel())
    steps = np.floor(through / through[-1] * total + rng.random()).astype(np.int64)
    return np.asarray(np.diff(steps, prepend=0).reshape(weights.shape))


def roster(customers: int, rng: np.random.Generator) -> Roster:
    """Return the roster of a company of so many customers, those of the stories among them."""
    parts = cast(customers)
    frame = _ordinary(customers, parts, rng)
    place = {name: i for i, name in enumerate(frame["name"])}
    parts = sorted(parts, key=lambda p: p.customer)
    rows = [place[p.customer] for p in parts]
    frame = _with_parts(frame, rows, parts)
    in_story = np.zeros(customers, dtype=bool)
    in_story[rows] = True
    frame = _looked_after(frame, in_story, rng)
    care = _care(frame, rows, parts, rng)
    volume, attention = _by_month(frame, rows, parts, rng)
    return Roster(frame, volume, attention, care)


def segment_counts(customers: int) -> dict[str, int]:
    """Return how many ordinary customers each segment has in a company of so many."""
    ordinary = customers - len(cast(customers))
    steps = np.round(np.cumsum([0.0] + [s.share for s in SEGMENTS]) * ordinary).astype(int)
    return dict(zip(_SEGMENT, np.diff(steps).tolist(), strict=True))


def _ordinary(customers: int, parts: list[Part], rng: np.random.Generator) -> pd.DataFrame:
    """Return all customers as ordinary ones of their segments."""
    names, segments = zip(*_list_segment_members(customers, parts), strict=True)
    usual = [_SEGMENT[s] for s in segments]
    orders = np.maximum(rng.lognormal(-0.30, 0.80, customers), 0.22)
    ticket = rng.lognormal(-0.10, 0.45, customers)
    discount = np.array([s.discount for s in usual]) + 0.040 * np.array(
        [log(volume) for volume in orders * ticket]
    )
    return pd.DataFrame(
        {
            "name": names,
            "segment": segments,
            "orders": orders,
            "ticket": ticket * [s.ticket for s in usual],
            "lines": rng.lognormal(-0.04, 0.28, customers) * [s.lines for s in usual],
            "discount": np.clip(discount + rng.normal(0.0, 0.055, customers), 0.0, 0.30),
            "km": np.clip(np.round(rng.lognormal(0.0, 0.6, customers) * [s.km for s in usual]), 3, 190),
            "phone": np.clip(rng.normal(0.0, 0.2, customers) + [s.phone for s in usual], 0.0, 0.95),
            "edi": np.array([s.edi for s in usual]) * (rng.random(customers) < 0.5),
            "rush": rng.beta(1.0, 28.0, customers),
            "late": rng.gamma(1.3, 6.0, customers),
            "first": 0,
            "last": len(MONTHS),
            "unpaid_from": len(MONTHS),
            "since": np.datetime64("2006-01-01") + rng.integers(0, 6850, customers),
        }
    )


def _list_segment_members(customers: int, parts: list[Part]) -> list[tuple[str, str]]:
    """Return all customers in alphabetical order, each with its segment."""
    known = [(p.customer, p.segment) for p in parts]
    for segment, count in segment_counts(customers).items():
        known += [(name, segment) for name in company_names(segment, 0, count)]
    return sorted(known)


def _with_parts(frame: pd.DataFrame, rows: list[int], parts: list[Part]) -> pd.DataFrame:
    """Return the frame with the customers of the stories trading by their recipes."""
    recipes = pd.DataFrame(list(map(_list_habits, parts)))
    frame = frame.copy()
    for column in recipes:
        cells = frame[column].to_numpy().copy()
        cells[rows] = recipes[column].tolist()
        frame[column] = cells
    began = MONTHS[frame["first"].to_numpy(dtype=np.int64)].astype("datetime64[D]")
    since = np.where(
        frame["first"] > 0, np.busday_offset(began, 0, roll="forward"), frame["since"].to_numpy()
    )
    since = since.astype("datetime64[D]")
    for row, part in zip(rows, parts, strict=True):
        if part.story in KNOWN_SINCE:
            since[row] = np.datetime64(KNOWN_SINCE[part.story])
    return frame.assign(since=since.astype("datetime64[ns]"))


def _list_habits(part: Part) -> dict[str, float]:
    """Return how a customer of a story trades: by its recipe, else as is usual in its segment."""
    recipe, usual = part.recipe, _SEGMENT[part.segment]
    by_hand = recipe.phone is not None
    return {
        "orders": recipe.orders,
        "ticket": recipe.ticket,
        "lines": recipe.lines * LINES,
        "discount": recipe.discount,
        "km": usual.km,
        "phone": usual.phone if recipe.phone is None else recipe.phone,
        "edi": 0.0 if by_hand else usual.edi,
        "rush": recipe.rush,
        "late": recipe.late,
        "first": recipe.first,
        "last": recipe.last,
        "unpaid_from": recipe.unpaid_from,
    }


def _looked_after(
    frame: pd.DataFrame, in_story: npt.NDArray[np.bool_], rng: np.random.Generator
) -> pd.DataFrame:
    """Return the frame with channel, account manager, payment terms and who is billed elsewhere."""
    count = len(frame)
    value = (frame["orders"] * frame["lines"] * frame["ticket"]).to_numpy()
    key = value >= np.quantile(value, 0.93)
    web = ~key & (frame["segment"] == "Online resellers").to_numpy()
    owner = rng.integers(0, len(OWNERS) - 2, count)
    owner = np.where(key, len(OWNERS) - 2, np.where(web, len(OWNERS) - 1, owner))
    invoiced = np.ones(count, dtype=bool)
    ordinary = np.flatnonzero(~in_story)
    invoiced[rng.choice(ordinary, max(1, round(count * UNINVOICED)), replace=False)] = False
    return frame.assign(
        channel=np.where(key, "Key accounts", np.where(web, "Web", "Field")),
        owner=np.array(OWNERS, dtype=object)[owner],
        terms=np.where(key, 45, rng.choice([14, 30, 30], count)),
        invoiced=invoiced,
    )


def _care(
    frame: pd.DataFrame, rows: list[int], parts: list[Part], rng: np.random.Generator
) -> dict[str, Floats]:
    """Return the multiple of the usual care of each customer, by activity."""
    habit = {
        "Sales visit": np.where(frame["channel"] == "Web", 0.25, 1.0),
        "Phone support": 0.3 + 1.4 * frame["phone"].to_numpy(),
        "Night line call": 0.1 + 1.8 * frame["phone"].to_numpy(),
        "Web self-service": 1.6 - 1.4 * frame["phone"].to_numpy(),
    }
    demanding = np.where(rng.random(len(frame)) < HEAVY_CARE, 3.0, 0.8) * rng.lognormal(
        -0.05, 0.30, len(frame)
    )
    # Python's own power and logarithm: numpy's differ by processor in the last digit.
    by_volume = np.array([orders**_BY_VOLUME for orders in frame["orders"].tolist()])
    care = {}
    for activity in ACTIVITIES:
        usual = by_volume * habit.get(activity.name, 1.0)
        cells = usual * np.minimum(demanding * rng.lognormal(-0.25, 0.70, len(frame)), 6.0)
        cells[rows] = [p.recipe.care.get(activity.name, usual[r]) for r, p in zip(rows, parts, strict=True)]
        care[activity.name] = cells
    return care


def _by_month(
    frame: pd.DataFrame, rows: list[int], parts: list[Part], rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Return volume and attention by customer and month: trend × season × chance, 0 when not there."""
    count, months = len(frame), len(MONTHS)
    slope = np.clip(rng.normal(0.0, 0.12, count), -0.3, 0.3)
    ends = np.stack([1 - slope, 1 + slope], axis=1)
    care_ends = np.ones((count, 2))
    steady = np.full(count, 7.0)
    ends[rows] = [p.recipe.volume for p in parts]
    care_ends[rows] = [p.recipe.attention for p in parts]
    steady[rows] = 120.0
    way = np.linspace(0.0, 1.0, months)
    month = np.arange(months)
    there = (month >= frame[["first"]].to_numpy()) & (month < frame[["last"]].to_numpy())
    season = SEASON[MONTHS.astype(np.int64) % 12]
    share = there * months / np.maximum(there.sum(axis=1, keepdims=True), 1)

    def along(pair: Floats) -> Floats:
        chance = rng.gamma(steady[:, None], 1.0, (count, months)) / steady[:, None]
        return np.asarray((pair[:, :1] * (1 - way) + pair[:, 1:] * way) * chance)

    volume = along(ends) * season * frame[["orders"]].to_numpy() * np.minimum(share, 3.0)
    return volume, along(care_ends) * there * np.sqrt(season)
