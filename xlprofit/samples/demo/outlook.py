"""Who brought whom to the demo company, and whom it would like to win."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from xlprofit.samples.demo.company import DRIVERS, SEGMENTS
from xlprofit.samples.demo.names import company_names
from xlprofit.samples.demo.roster import Floats, Roster, segment_counts
from xlprofit.samples.demo.stories import STORIES

_STORY = {story.name: story.customers for story in STORIES}


def referrals(who: Roster, rng: np.random.Generator) -> pd.DataFrame:
    """Return who recommended us to whom: the referrer's story, a chain from it, and ordinary ones.

    A referrer has always been a customer for longer than those it brought, so there is no cycle.
    """
    others = who.frame[~who.frame["name"].isin([n for names in _STORY.values() for n in names])]
    others = others.sort_values(["since", "name"], kind="stable")
    names = others["name"].to_numpy(dtype=object)
    count = max(2, len(names) // 16)
    came = np.sort(rng.choice(np.arange(2, len(names) - 1), count, replace=False))
    by = np.floor(rng.random(count) * came).astype(np.int64)
    shared = np.arange(count) % 6 == 0
    also = np.where(by == came - 1, 0, by + 1)
    first = _pairs(others, by, came, rng).assign(share=np.where(shared, 0.6, 1.0))
    second = _pairs(others, also[shared], came[shared], rng)
    story = _story_referrals(who, str(names[-1]))
    frame = pd.concat([story, first, second.assign(share=0.4)], ignore_index=True)
    frame = frame.sort_values(["date", "referrer", "referred"], kind="stable")
    return frame.reset_index(drop=True)


def _story_referrals(who: Roster, newest: str) -> pd.DataFrame:
    """Return whom the referrer of the story brought; the first of them brought the newest customer."""
    since = who.frame.set_index("name")["since"]
    told = [name for name in _STORY["referred"] if name in since.index]
    by = [_STORY["referrer"][0]] * len(told) + told[:1]
    brought = [*told, newest]
    return pd.DataFrame(
        {
            "referrer": by,
            "referred": brought,
            "date": since[brought].to_numpy(),
            "share": 1.0,
            "anyway": [*[0.0, 0.1, 0.0, 0.2][: len(told)], 0.3],
            "reward": [*[150.0, 0.0, 150.0, 0.0][: len(told)], 0.0],
        }
    )


def _pairs(who: pd.DataFrame, by: Floats, came: Floats, rng: np.random.Generator) -> pd.DataFrame:
    names = who["name"].to_numpy(dtype=object)
    return pd.DataFrame(
        {
            "referrer": names[by],
            "referred": names[came],
            "date": who["since"].to_numpy()[came],
            "share": 1.0,
            "anyway": rng.choice([0.0, 0.25, 0.5, 0.8], len(came)),
            "reward": rng.choice([0.0, 0.0, 100.0, 250.0], len(came)),
        }
    )


@dataclass(frozen=True)
class Promise:
    """A kind of prospect: its share of all, and the range in which each figure lies."""

    share: float
    revenue: tuple[float, float]
    margin: tuple[float, float]
    win: tuple[float, float]
    hours: tuple[float, float]
    high_care: tuple[float, float]
    days: tuple[float, float]
    loss: tuple[float, float]
    needs: Mapping[str, float]
    blank: bool = False


_CALM = {
    "Web order": 12.0,
    "Pick and pack": 12.0,
    "Van delivery": 12.0,
    "Phone support": 6.0,
    "Sales visit": 3.0,
}
_BUSY = {"Phone order": 30.0, "Pick and pack": 30.0, "Van delivery": 30.0, "Phone support": 60.0} | {
    "Night line call": 12.0,
    "Complaint": 8.0,
    "Special labelling": 16.0,
    "Sales visit": 10.0,
}

PROMISES = (
    Promise(
        0.40,
        (50e3, 260e3),
        (0.31, 0.37),
        (0.35, 0.75),
        (10, 60),
        (0.05, 0.2),
        (14, 35),
        (0.001, 0.006),
        _CALM,
    ),
    Promise(
        0.30, (15e3, 60e3), (0.18, 0.26), (0.15, 0.5), (30, 160), (0.6, 0.95), (50, 95), (0.02, 0.07), _BUSY
    ),
    Promise(
        0.15, (25e3, 80e3), (0.26, 0.33), (0.2, 0.6), (20, 80), (0.2, 0.5), (25, 60), (0.004, 0.02), _CALM
    ),
    Promise(
        0.15, (30e3, 200e3), (0.28, 0.36), (0.2, 0.6), (10, 60), (0.1, 0.4), (14, 45), (0.002, 0.01), {}, True
    ),
)
"""Good prospects, bad ones that need much care, middling ones, and ones of which little is known."""

UNKNOWN = ("high_care_probability", "payment_days", "loss_probability")
"""Figures of a prospect that are unknown, each in its turn: those that its row can do without."""


def prospects(who: Roster, rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the prospects and what they would need in a year."""
    count = max(8, len(who.frame) // 10)
    steps = np.round(np.cumsum([0.0] + [p.share for p in PROMISES]) * count).astype(int)
    kind = np.repeat(np.arange(len(PROMISES)), np.diff(steps))
    segment = rng.choice([s.name for s in SEGMENTS], count, p=[s.share for s in SEGMENTS])
    frame = _draw_prospects(_prospect_names(segment.tolist(), len(who.frame)), segment, kind, rng)
    needs = _draw_needs(frame, kind, rng)
    blank = np.flatnonzero(kind == len(PROMISES) - 1)
    for turn, row in enumerate(blank.tolist()):
        frame.loc[row, UNKNOWN[turn % len(UNKNOWN)]] = np.nan
        frame.loc[row, ["pursuit_cost", "pursuit_hours", "resource"]] = [np.nan, np.nan, None]
    order = np.argsort(frame["prospect"].to_numpy(dtype=str), kind="stable")
    return frame.iloc[order].reset_index(drop=True), needs


def _prospect_names(segments: list[str], customers: int) -> list[str]:
    """Return names that no customer has."""
    place = segment_counts(customers)
    names = []
    for segment in segments:
        names += company_names(segment, place[segment], 1)
        place[segment] += 1
    return names


def _draw_prospects(
    names: list[str], segment: np.ndarray, kind: np.ndarray, rng: np.random.Generator
) -> pd.DataFrame:
    def within(field: str, digits: int) -> Floats:
        low, high = np.array([getattr(p, field) for p in PROMISES], dtype=float)[kind].T
        return np.asarray(np.round(rng.uniform(low, high), digits))

    return pd.DataFrame(
        {
            "prospect": names,
            "segment": segment,
            "revenue": within("revenue", -2),
            "margin": within("margin", 3),
            "win_probability": within("win", 2),
            "pursuit_cost": np.round(rng.uniform(300.0, 4_000.0, len(names)), -1),
            "pursuit_hours": within("hours", 0),
            "resource": "Field sales",
            "high_care_probability": within("high_care", 2),
            "payment_days": within("days", 0),
            "loss_probability": within("loss", 3),
            "horizon": rng.choice([np.nan, np.nan, 3.0, 5.0], len(names)),
        }
    )


def _draw_needs(frame: pd.DataFrame, kind: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    """Return the yearly needs of three prospects in four; the rest are left to the benchmark."""
    told = rng.random(len(frame)) < 0.75
    told[0] = True
    rows = [
        {"prospect": name, "activity": activity, "quantity": quantity, "place": place}
        for place, name in enumerate(frame["prospect"])
        for activity, quantity in PROMISES[kind[place]].needs.items()
        if told[place]
    ]
    needs = pd.DataFrame(rows)
    quantity = np.maximum(np.round(needs["quantity"] * rng.uniform(0.7, 1.3, len(needs))), 1.0)
    activity, a_year = needs["activity"], frame["revenue"].to_numpy()[needs["place"]]
    drives = {
        "lines": quantity * 8.0,
        "pallets": np.ceil(a_year / 1_600.0),
        "km": quantity * np.round(rng.uniform(10.0, 80.0, len(needs))),
        "minutes": quantity * 12.0,
        "rush": np.floor(quantity * 0.2),
        "new_customer": 1.0,
    }
    used = {
        "lines": ("Pick and pack", "Phone order", "Complaint", "Special labelling"),
        "pallets": ("Pick and pack", "Van delivery"),
        "km": ("Van delivery", "Sales visit"),
        "minutes": ("Phone support", "Night line call"),
        "rush": ("Phone order", "Van delivery"),
        "new_customer": ("Sales visit",),
    }
    filled = {d: pd.Series(drives[d], index=needs.index).where(activity.isin(used[d])) for d in DRIVERS}
    return needs[["prospect", "activity"]].assign(quantity=quantity, **filled)
