"""Every setting: what it is, in which unit, and what it is when nobody says. Said once, on its field."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from xlprofit.languages import LANGUAGES
from xlprofit.messages import ENGLISH

if TYPE_CHECKING:
    import pandas as pd

    from xlprofit.tables.spec import Kind

SHOWN_FIRST = ("currency", "start", "end", "language", "period", "as_of")
"""The settings that a template shows first; the others follow as their fields do."""


@dataclass(frozen=True)
class SettingSpec:
    """One row of Settings: what it is, in which unit, and what it is when nobody says.

    ``default`` is ``None`` where the model leaves out what the setting would have fed.
    """

    name: str
    kind: Kind
    note: str
    default: float | str | bool | None = None
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()


def _define_setting(
    kind: Kind, note: str, default: float | str | bool | None = None, *, unset: Any = None, **bounds: Any
) -> Any:
    """Return the field of a setting; ``unset`` is what the field has without a default of the setting."""
    said = unset if unset is not None else default
    return field(default=said, metadata={"kind": kind, "note": note, "default": default, **bounds})


@dataclass(frozen=True)
class Settings:
    """The settings of one run, read and completed: one field for each of :data:`SETTINGS`.

    Rates and shares are fractions a year; ``horizon`` is in years; ``start``, ``end`` and ``as_of``
    are whole days, ``start`` and ``end`` both counted.
    """

    start: pd.Timestamp = field(
        metadata={
            "kind": "date",
            "note": "First day counted; blank: the first date of the sales, costs and activities",
        }
    )
    end: pd.Timestamp = field(
        metadata={
            "kind": "date",
            "note": "Last day counted; blank: the last date of the sales, costs and activities",
        }
    )
    as_of: pd.Timestamp = field(
        metadata={
            "kind": "date",
            "note": "The day on which open invoices are looked at; blank: the last date in the data",
        }
    )
    currency: str = _define_setting("text", "ISO code of the currency, such as EUR", "EUR")
    language: str = _define_setting(
        "choice",
        "Language of the result sheets and messages; blank: English",
        choices=tuple(LANGUAGES),
        unset=ENGLISH,
    )
    period: str = _define_setting(
        "choice",
        "Length of a period",
        "month",
        choices=(
            "month",
            "quarter",
            "year",
        ),
    )
    discount_rate: float = _define_setting(
        "share", "Discount rate, a year, for present values", 0.1, minimum=0.0, maximum=1.0
    )
    cost_of_capital: float | None = _define_setting(
        "share",
        "Cost of capital, a year, that finances receivables; blank: financing is left out",
        minimum=0.0,
        maximum=1.0,
    )
    finance_receivables_at: str = _define_setting(
        "choice",
        "What is financed while a customer owes: the selling price, or the cost of the goods",
        "price",
        choices=(
            "price",
            "cost",
        ),
    )
    horizon: float = _define_setting(
        "number", "Years that a decision looks ahead", 3.0, minimum=0.0, maximum=50.0
    )
    retention: float | None = _define_setting(
        "share",
        "Probability that a customer stays another year; blank: from the sales, or 0.85 where they do not say",
        minimum=0.0,
        maximum=1.0,
    )
    relationship: str = _define_setting(
        "choice",
        "Whether customers give notice: contract reads Customers.ended, open reads it from how they buy",
        "open",
        choices=(
            "open",
            "contract",
        ),
    )
    referred_stay: float = _define_setting(
        "share",
        "Share of the customers brought by a referrer that stay if the referrer goes",
        1.0,
        minimum=0.0,
        maximum=1.0,
    )
    window: float = _define_setting(
        "number",
        "Months looked back on: what a customer earns now, and where it is going",
        18.0,
        minimum=6.0,
        maximum=120.0,
    )
    false_alarm_rate: float = _define_setting(
        "share",
        "Share of the customers named as rising, falling or warned that may be chance",
        0.05,
        minimum=0.001,
        maximum=0.5,
    )
    trend_periods: float = _define_setting(
        "number", "Fewest periods with sales or cost that a trend is read from", 6.0, minimum=3.0
    )
    new_periods: float = _define_setting(
        "number", "A customer is new for so many periods after its first sale", 6.0, minimum=1.0
    )
    dormant_periods: float = _define_setting(
        "number", "A customer is dormant after so many periods with no sale", 6.0, minimum=1.0
    )
    redeployable: float = _define_setting(
        "share", "Share of freed capacity that other work can use", 0.5, minimum=0.0, maximum=1.0
    )
    exit_cost: float = _define_setting(
        "number", "Cost of ending a relationship, in currency, positive", 0.0, minimum=0.0
    )
    max_price_increase: float = _define_setting(
        "share", "The most that a price can be raised", 0.1, minimum=0.0, maximum=1.0
    )
    max_order_fee: float = _define_setting(
        "number", "The highest fee for an order that can be asked", 50.0, minimum=0.0
    )
    max_activity_cut: float = _define_setting(
        "share", "The most that an activity can be cut for a customer", 0.5, minimum=0.0, maximum=1.0
    )
    max_payment_days_cut: float = _define_setting(
        "number", "The most days by which payment can be brought forward", 30.0, minimum=0.0
    )
    confidence: float = _define_setting(
        "share", "Confidence below which the advice is to investigate first", 0.8, minimum=0.0, maximum=1.0
    )
    materiality: float | None = _define_setting(
        "number",
        "What a wrong verdict on a customer may cost a year, in currency, before it is worth investigating; "
        "blank: 0.25 % of the average customer's net revenue",
        minimum=0.0,
    )
    simulations: float = _define_setting(
        "number", "Runs that tell how sure a verdict is", 500.0, minimum=0.0, maximum=100000.0
    )
    seed: float = _define_setting(
        "number", "Seed of those runs: the same seed, the same answer", 1.0, minimum=0.0
    )
    uncertainty_rates: float = _define_setting(
        "share", "How far rates may be off, either way", 0.1, minimum=0.0, maximum=1.0
    )
    uncertainty_volumes: float = _define_setting(
        "share", "How far volumes may be off, either way", 0.1, minimum=0.0, maximum=1.0
    )
    uncertainty_retention: float = _define_setting(
        "share", "How far retention may be off, either way", 0.1, minimum=0.0, maximum=1.0
    )
    compare: str = _define_setting(
        "text",
        "What the sheet Changes compares: previous year, previous period, or the name of a plan or scenario; "
        "blank: nothing, or the plan where there is one",
        unset="",
    )
    group_by: str | None = _define_setting(
        "text",
        "Columns of Customers to group by on the sheet Segments, with commas between them; blank: segment",
    )
    fully_loaded: bool = _define_setting(
        "flag", "yes: show beside profit what each would bear of the unspread cost", False
    )


def _list_settings() -> dict[str, SettingSpec]:
    """Return every setting by name, in the order in which a template shows them."""
    given = {f.name: SettingSpec(f.name, **f.metadata) for f in fields(Settings)}
    return {name: given[name] for name in (*SHOWN_FIRST, *(n for n in given if n not in SHOWN_FIRST))}


SETTINGS = _list_settings()
"""Every setting by name."""
