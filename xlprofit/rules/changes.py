"""A change of a scenario: what changes, of whom or which, by or to how much, from when."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from xlprofit.errors import XlprofitError, find_nearest_names
from xlprofit.findings import CATALOGUE, phrase
from xlprofit.folding import fold_customer, fold_name
from xlprofit.headings import ATTRIBUTES, resolve_attribute, word_meant
from xlprofit.languages import list_terms
from xlprofit.messages import Message, _, join_messages, number, term
from xlprofit.reading import words
from xlprofit.reading.faults import Trouble, quote_value
from xlprofit.reading.numbers import parse_number
from xlprofit.reading.word_patterns import join_words
from xlprofit.tables import TABLES, Settings
from xlprofit.vocabulary.what_if import CHANGED, LEVELLED, Changed

CUSTOMER_KINDS = ("customer", *ATTRIBUTES)
"""Of whom a change may be: the columns of Customers; the user's own columns besides."""

_SALES = (*CUSTOMER_KINDS, "product")
KINDS: Mapping[Changed, tuple[str, ...]] = {
    Changed.PRICE: _SALES,
    Changed.VOLUME: _SALES,
    Changed.ELASTICITY: _SALES,
    Changed.DISCOUNT: _SALES,
    Changed.COST_OF_GOODS: _SALES,
    Changed.DIRECT_COSTS: ("group", *CUSTOMER_KINDS),
    Changed.ACTIVITY: ("activity", "group", *CUSTOMER_KINDS),
    Changed.ACTIVITY_RATE: ("activity", "group"),
    Changed.RESOURCE_COST: ("resource",),
    Changed.CAPACITY: ("resource",),
    Changed.PAYMENT_DAYS: CUSTOMER_KINDS,
    Changed.RETENTION: (),
}
"""Of whom or which each change may be; a name without a kind is the first of these that has it."""

OPEN = (Changed.PRICE, Changed.CAPACITY)
"""What cannot go all the way to nothing: without a price there is none to compare, without a capacity no rate."""

MOST_GROWTH = 100.0
"""The largest relative change: a hundredfold more. What is larger is a slip of the pen."""

MOST_DAYS = 3_650.0
"""The most payment days, and the most that they change by: ten years."""

MOST_ELASTIC = 20.0
"""The largest elasticity, whatever its sign."""

UNDATED = (Changed.ACTIVITY_RATE, Changed.RETENTION, Changed.ELASTICITY)
"""What holds for the whole period analysed: its table has no days."""

_OFFERED = 2000
"""So many names of a kind are looked through for the likeliest one."""

_SINGLE = ("customer", "product", "activity", "resource")
"""The kinds whose names are one each; those of the others are groups of them."""

_KNOWN_KINDS = frozenset(kind for kinds in KINDS.values() for kind in kinds)
_GIVEN = frozenset(column.name for column in TABLES["Customers"].columns)

_CHANGE = re.compile(
    rf"(?P<how>{join_words('change_how')})?\s*(?P<number>[+\-−–]?\s*[0-9][0-9.,\u00a0 ]*)(?:(?P<percent>\s*%)|(?!\S))",
    re.IGNORECASE,
)
"""A number is followed by ``%``, a blank or nothing: ``1e400`` is none."""

_SINCE = re.compile(
    rf"\s+(?:{join_words('change_since')})\s+(?P<day>[0-9]{{4}}-[0-9]{{2}}(?:-[0-9]{{2}})?)\s*$",
    re.IGNORECASE,
)

Known = Mapping[str, Sequence[str]]
"""The names that there are, by kind."""


@dataclass(frozen=True)
class Change:
    """One change of an input.

    Attributes:
        what: what changes.
        of: of whom or which: pairs of a kind and a name, all of which must hold; empty for all.
        amount: how much: a share for a share or a relative change, else days, years or a number.
        to: whether the input changes to the amount; else by it.
        since: the first day that it holds; ``None`` for the whole period analysed.
        row: the sheet row of Scenarios that it comes from; 0 where it comes from none.
    """

    what: Changed
    of: tuple[tuple[str, str], ...]
    amount: float
    to: bool = False
    since: pd.Timestamp | None = None
    row: int = field(default=0, compare=False)


def list_known_names(
    frames: Mapping[str, pd.DataFrame], history: pd.DataFrame | None = None
) -> dict[str, tuple[str, ...]]:
    """Return the names that changes may be of, by kind, each sorted.

    Args:
        frames: the tables.
        history: all rows of Customers, those of the past too, where it is dated.
    """
    frames = frames if history is None else {**frames, "Customers": history}

    def list_column(*columns: tuple[str, str]) -> tuple[str, ...]:
        found = {
            str(name)
            for table, column in columns
            if table in frames and column in frames[table]
            for name in frames[table][column].unique()
        }
        return tuple(sorted(found - {""}))

    table = frames.get("Customers")
    own = () if table is None else tuple(str(c) for c in table if c not in _GIVEN and c != "row")
    customers = [
        (t.name, "customer") for t in TABLES.values() if any(c.name == "customer" for c in t.columns)
    ]
    return {
        "customer": list_column(*customers),
        **{kind: list_column(("Customers", kind)) for kind in (*ATTRIBUTES, *own)},
        "product": list_column(("Sales", "product")),
        "activity": list_column(("Activities", "activity")),
        "group": list_column(("Activities", "group"), ("DirectCosts", "group")),
        "resource": list_column(("Resources", "resource")),
    }


def parse_of(text: str, what: Changed, known: Known) -> tuple[tuple[str, str], ...] | Trouble:
    """Return of whom or which a change is, the names as they are spelt in the tables, or what is wrong with it."""
    pairs = []
    for part in (part.strip() for part in re.split(r"[;&]", text)):
        if not part or part.casefold() in {"all", "kaikki", "alle", "alla"}:
            continue
        pair = _parse_pair(part, what, known)
        if isinstance(pair, Trouble):
            return pair
        pairs.append(pair)
    return tuple(sorted(set(pairs)))


def _parse_pair(part: str, what: Changed, known: Known) -> tuple[str, str] | Trouble:
    kinds = KINDS[what]
    own = tuple(kind for kind in known if kind not in _KNOWN_KINDS)
    if "customer" in kinds:
        kinds = (*kinds, *own)
    head, _colon, name = part.partition(":")
    kind = _find_kind(head, own) if name else None
    if not kinds or (kind is not None and kind not in kinds):
        return Trouble("V07", phrase("V07", "not_of_kind", what=term("word", what), of=quote_value(part)))
    among = (kind,) if kind is not None else kinds
    wanted = name.strip() if kind is not None else part
    for one in among:
        spelt = _find_spelling(wanted, one, known)
        if spelt is not None:
            return one, spelt
    return Trouble("V06", _describe_no_such(part, what, kind), _suggest_pair(wanted, among, kinds, known))


def _describe_no_such(part: str, what: Changed, kind: str | None) -> Message:
    """Return that a name is in no table; where nothing is called as what stands ahead of its colon, that."""
    head, _colon, name = part.partition(":")
    if name and kind is None:
        return phrase("V06", "no_kind", of=quote_value(part), kind=quote_value(head.strip()))
    return phrase("V06", "no_such", of=quote_value(part), what=term("word", what))


def _suggest_pair(wanted: str, among: Sequence[str], kinds: Sequence[str], known: Known) -> str | None:
    """Return the fix that offers the likeliest kind and name: of the kinds that it may be, else of the others."""
    for some in (among, kinds):
        pairs = {f"{one}:{spelt}": spelt for one in some for spelt in known.get(one, ())[:_OFFERED]}
        whole = words.suggest_name(wanted, list(pairs)) if ":" in wanted else None
        near = find_nearest_names(wanted.partition(":")[2].strip() or wanted, list(pairs.values()), most=1)
        found = next((pair for pair, spelt in pairs.items() if spelt in near), None)
        if whole is not None or found is not None:
            return whole or phrase("words", "write_if_meant", name=found)
    return None


def _find_kind(head: str, own: tuple[str, ...]) -> str | None:
    attribute = resolve_attribute(head, own)
    if attribute is not None:
        return attribute
    wanted = fold_name(head)
    for kind in ("customer", "product", "activity", "group", "resource"):
        said = {kind, *(one for table in (*TABLES, "word", "kind") for one in list_terms(table, kind))}
        if wanted in {fold_name(one) for one in said}:
            return kind
    return None


def _find_spelling(name: str, kind: str, known: Known) -> str | None:
    fold: Callable[[str], str] = fold_customer if kind == "customer" else fold_name
    if name in known.get(kind, ()):
        return name
    return next((one for one in known.get(kind, ()) if fold(one) == fold(name)), None)


def parse_amount(text: str, what: Changed) -> tuple[float, bool] | Trouble:
    """Return how much a change is, and whether it is to that; or what is wrong with it.

    A sign or *by* changes by so much, *to* or *=* sets. Without any of them a discount, payment days, retention and an
    elasticity are set, all else changes by it. A relative change without ``%`` is a fraction: beyond 1 it may mean two
    things, and is refused.
    """
    found = _CHANGE.fullmatch(text.strip())
    digits = found["number"].replace("−", "-").replace("–", "-") if found else ""
    value = parse_number(digits, "") if found else None
    if found is None or not isinstance(value, float):
        return _describe_unread(text, digits)
    how, signed = (found["how"] or "").casefold(), found["number"].lstrip()[0] in "+-−–"
    to = how not in ("", "by") or (how == "" and not signed and what in LEVELLED)
    to = to or what is Changed.ELASTICITY
    percent = found["percent"] is not None
    in_days = what in (Changed.PAYMENT_DAYS, Changed.ELASTICITY)
    of_each = (
        what is Changed.RETENTION and not to
    )  # what customers' own sales show is no one figure to change by
    if (percent and in_days) or (to and what not in LEVELLED) or of_each:
        return Trouble("V05", phrase("V05", "not_for", change=quote_value(text), what=term("word", what)))
    if not percent and not in_days and abs(value) > 1:
        return Trouble(
            "V05", phrase("V05", "may_mean", change=quote_value(text), small=value / 100, large=value)
        )
    amount = value / 100 if percent else value
    return _check_bounds(amount, to, what, text)


def _describe_unread(text: str, digits: str) -> Trouble:
    """Return that a text is no change; of a number that has two readings, both."""
    readings = [parse_number(digits, "", mark) for mark in ".,"] if digits else []
    both = sorted({value for value in readings if isinstance(value, float)}, key=abs)
    if len(both) == 2 and text.rstrip().endswith("%"):
        figures = {"small": number(both[0], "+.15g"), "large": number(both[1], "+.15g")}
        return Trouble("V05", phrase("V05", "two_readings", change=quote_value(text), **figures))
    return Trouble("V05", phrase("V05", "not_change", change=quote_value(text)))


def find_bounds(what: Changed, to: bool) -> tuple[float, float]:
    """Return from what to what a change may go, whatever the tables say, the ends included; but see :data:`OPEN`."""
    if what is Changed.ELASTICITY:
        return -MOST_ELASTIC, MOST_ELASTIC
    if what is Changed.PAYMENT_DAYS:
        return (0.0 if to else -MOST_DAYS), MOST_DAYS
    if what in (Changed.DISCOUNT, Changed.RETENTION):
        return (0.0 if to else -1.0), 1.0
    return -1.0, MOST_GROWTH


def _check_bounds(amount: float, to: bool, what: Changed, text: str) -> tuple[float, bool] | Trouble:
    low, high = find_bounds(what, to)
    if low <= amount <= high and not (what in OPEN and amount <= low):
        if what is Changed.PAYMENT_DAYS and not amount.is_integer():
            return Trouble("V05", phrase("V05", "not_whole", change=quote_value(text)))
        return amount, to
    form = "" if to else "+"
    form += ",.0f" if what in (Changed.PAYMENT_DAYS, Changed.ELASTICITY) else ",.0%"
    figures = {"low": number(low, form), "high": number(high, form)}
    fix = phrase("V05", "above" if what in OPEN else "within", **figures)
    return Trouble("V05", phrase("V05", "beyond", change=quote_value(text), what=term("word", what)), fix)


def parse_row(
    what: str, of: str, change: str, since: pd.Timestamp | None, known: Known
) -> Change | tuple[str, Trouble]:
    """Return a row of Scenarios as a change; or the column that is wrong and what is wrong with it."""
    changed = Changed(what)
    amount = parse_amount(change, changed)
    if isinstance(amount, Trouble):
        return "change", amount
    pairs = parse_of(of, changed, known)
    if isinstance(pairs, Trouble):
        return "of", pairs
    dated = None if since is None or pd.isna(since) else pd.Timestamp(since)
    if dated is not None and changed in UNDATED:
        return "from", Trouble(
            "V07", phrase("V07", "not_dated", what=term("word", changed)), phrase("V07", "leave_blank")
        )
    return Change(changed, pairs, *amount, dated)


def order_changes(changes: Iterable[Change]) -> list[Change]:
    """Return changes in the order in which they are made, whatever the order of their rows.

    The narrower of two is made last, so that it holds where both would; of changes of the same, that from a later day;
    on one day a level is set before it is changed, and the higher of two levels is set last.
    """
    begin = pd.Timestamp.min
    return sorted(
        changes,
        key=lambda c: (
            CHANGED.index(c.what),
            *rank_narrowness(c),
            c.of,
            c.since or begin,
            not c.to,
            c.amount,
        ),
    )


def rank_narrowness(change: Change) -> tuple[int, int]:
    """Return how narrow a change is: by how many names, and how many of them are of one and not of a group of them."""
    return len(change.of), sum(kind in _SINGLE for kind, _name in change.of)


def is_after_span(change: Change, settings: Settings) -> bool:
    """Whether a change begins when the period analysed is over, so that it would change nothing."""
    return change.since is not None and change.since > settings.end


def find_conflict(change: Change, other: Change) -> str:
    """Return how two changes of a scenario get into each other's way; empty where they do not.

    ``set``: they set the same to different levels from the same day. ``overlap``: they set, as narrowly, what is of one
    and what is of another kind to different levels, where both may hold. ``again``: they change the same from the same
    day one after the other.
    """
    if change.what is not other.what or change.to != other.to:
        return ""
    if change.of == other.of and change.since == other.since:
        return "set" if change.to and change.amount != other.amount else "" if change.to else "again"
    kinds = [sorted(kind for kind, _name in one.of) for one in (change, other)]
    apart = kinds[0] == kinds[1] or rank_narrowness(change) != rank_narrowness(other)
    return "overlap" if change.to and not apart and change.amount != other.amount else ""


def describe_conflict(how: str, change: Change, other: Change, *, refused: bool = False) -> Message:
    """Return what two changes come to that get into each other's way (:func:`find_conflict`).

    Args:
        how: how they do.
        change: one of them.
        other: the other.
        refused: whether neither is made, so that none of them counts.
    """
    one, two = order_changes([change, other])
    figures = {"what": term("word", change.what), "one": say_amount(one), "other": say_amount(two)}
    if how == "overlap":
        return phrase("V09", "both" if refused else how, **figures, of=say_of(one), other_of=say_of(two))
    if how == "again":
        added = one.amount + two.amount
        together = added if change.what in LEVELLED else added + one.amount * two.amount
        return phrase("V09", how, **figures, together=say_amount(replace(one, amount=together)))
    return phrase("V09", "twice" if refused else how, **figures)


def say_amount(change: Change) -> Message:
    """Return how much a change is, as it is written."""
    sign = "" if change.to else "+"
    form = {Changed.ELASTICITY: ",.1f", Changed.PAYMENT_DAYS: ",.0f"}.get(change.what, ".1%")
    return number(change.amount, sign + form)


def say_of(change: Change) -> Message:
    """Return of whom or which a change is, as it is written; nothing where it is of all."""
    return join_messages("; ", (f"{kind}:{name}" for kind, name in change.of))


def parse_change(text: str, known: Known) -> Change:
    """Return a change written on one line: ``price +3% segment:Hotels``, ``discount 14% ACME from 2026-01-01``.

    Raises:
        XlprofitError: it cannot be read, and why.
    """
    since = _SINCE.search(text)
    rest = text[: since.start()] if since else text
    for found in _CHANGE.finditer(rest):
        head = rest[: found.start()].strip()
        what = word_meant(head, CHANGED)
        if what is None:
            continue
        day = _parse_since(since["day"]) if since else None
        parsed = parse_row(what, rest[found.end() :].strip(), found[0].strip(), day, known)
        if isinstance(parsed, Change):
            return parsed
        raise XlprofitError(
            parsed[1].what, _(CATALOGUE[parsed[1].code].fix) if parsed[1].fix is None else parsed[1].fix
        )
    raise XlprofitError(
        _("{change} is no change of an input", change=quote_value(text)),
        _("Write what changes, by how much, and of whom: {example}", example='"price +3% segment:Hotels"'),
    )


def _parse_since(text: str) -> pd.Timestamp:
    try:
        return pd.Timestamp(text)
    except ValueError:
        raise XlprofitError(
            _("{day} is no day", day=quote_value(text)),
            _("Write a day such as {example}", example="2026-01-31"),
        ) from None
