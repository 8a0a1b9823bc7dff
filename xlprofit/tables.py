"""Every input table: its columns, what they mean, and the words they are known by. Said once, here.

A *table* is known by its name (``Sales``), a *column* by its header. Headers are matched whatever
their order, case, blanks or underscores (:func:`header_key`); extra columns are kept and ignored.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.language import LANGUAGES

Kind = Literal["customer", "name", "text", "number", "share", "date", "period", "flag", "choice"]
"""What a column holds.

``customer`` and ``name`` are keys, matched whatever their case and blanks; ``text`` is kept as it
stands; ``share`` is a fraction (0.1, never 10); ``period`` is a date, ``2024-03``, ``2024-Q1`` or
``2024``; ``flag`` is yes or no; ``choice`` is one of the words in :attr:`Column.choices`.
"""

GROUPS = (
    "acquire",
    "commission",
    "order",
    "deliver",
    "service",
    "complaint",
    "loyalty",
    "demand",
    "collect",
)
"""The usual groups of customer cost. A word of the user's own is a group too."""

ACQUIRE_GROUPS = ("acquire", "commission")
"""The groups that make up the cost to acquire; every other group is cost to serve."""

RESERVED_GROUPS = ("revenue", "capacity")
"""Groups of the ledger that no input row may claim."""

LEVELS = ("output-unit", "batch", "customer", "channel", "corporate")
"""The customer cost hierarchy, from what varies with a unit to what belongs to the whole firm."""

UNSPREAD_LEVELS = ("channel", "corporate")
"""Levels whose cost stands below the customers and is never spread over them."""

SOURCED = (
    *("Sales", "Customers", "Resources", "Allocations", "Activities", "ActivityLog", "DirectCosts"),
    *("Commissions", "Invoices", "Balances", "LossRates", "Referrals", "Prospects", "ProspectNeeds"),
    "ControlTotals",
)
"""The tables that may come from a source: all but the settings, and the sources themselves."""

SCOPES = ("customer", "owner", "segment", "channel", "product", "all")
"""Whom a commission rule is for, the most specific first."""


@dataclass(frozen=True)
class Column:
    """One column of an input table.

    ``minimum`` and ``maximum`` are inclusive bounds of a number. ``default`` is what a blank
    means; ``None`` is a blank that stays unknown.
    """

    name: str
    kind: Kind
    note: str
    required: bool = False
    synonyms: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    default: float | str | bool | None = None
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True)
class Table:
    """One input table: its name, what it is for, and its columns in the template's order.

    ``key`` names the columns that together tell two rows apart; a second row with the same key is
    a finding. An empty key means that equal rows may be rightly there twice.
    """

    name: str
    note: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    required: bool = False

    def column(self, name: str) -> Column:
        """Return the column of this name; :class:`KeyError` if there is none."""
        return next(c for c in self.columns if c.name == name)


def header_key(header: object) -> str:
    """Return the form in which headers are compared: no case, blanks, underscores or dashes.

    >>> header_key(" Gross Revenue ") == header_key("gross_revenue")
    True
    """
    return re.sub(r"[\s_\-.*]+", "", str(header)).casefold()


def _customer(required: bool = True, note: str = "The customer's number or name") -> Column:
    return Column(
        "customer",
        "customer",
        note,
        required,
        ("customer_id", "customer_no", "client", "client_id", "account"),
    )


def _date(note: str, name: str = "date", required: bool = True, *synonyms: str) -> Column:
    return Column(name, "date", note, required, synonyms)


_SETTINGS = Table(
    "Settings",
    "How the workbook is to be read: one setting a row.",
    (
        Column(
            "setting", "name", "The setting's name; the list is in the drop-down", True, ("name", "parameter")
        ),
        Column("value", "text", "Its value", True),
    ),
    key=("setting",),
)

_CUSTOMERS = Table(
    "Customers",
    "Who the customers are. Without it, they are the names that the other tables mention.",
    (
        _customer(),
        Column("name", "text", "The name to show", False, ("customer_name", "company")),
        Column(
            "segment",
            "text",
            "Segment, used for benchmarks and commissions",
            False,
            ("customer_segment", "industry"),
        ),
        Column("channel", "text", "Sales channel", False, ("sales_channel",)),
        Column(
            "owner",
            "text",
            "Who looks after the customer",
            False,
            ("account_manager", "salesperson", "sales_rep"),
        ),
        _date("Customer since", "since", False, "customer_since"),
        Column("country", "text", "Country", False, ("country_region",)),
    ),
    key=("customer",),
)

_SALES = Table(
    "Sales",
    "Sales lines from the ERP: at list price, with what was taken off beside it.",
    (
        _date("Date of the sale", "date", True, "invoice_date", "order_date", "posting_date"),
        _customer(note="The customer; a blank line counts, under no customer"),
        Column(
            "gross_revenue",
            "number",
            "Revenue at list price, in currency, positive",
            True,
            ("revenue", "sales", "gross_sales", "turnover"),
        ),
        Column(
            "discount",
            "number",
            "Discounts and rebates, in currency, positive",
            False,
            ("discounts", "rebate", "rebates"),
            default=0.0,
        ),
        Column(
            "returns",
            "number",
            "Returns and credit notes, in currency, positive",
            False,
            ("return", "credit_notes"),
            default=0.0,
        ),
        Column(
            "cogs",
            "number",
            "Cost of goods sold, in currency, positive",
            False,
            ("cost_of_goods_sold", "cost_of_sales"),
            default=0.0,
        ),
        Column("invoice", "text", "Invoice number", False, ("invoice_no", "invoice_number")),
        Column(
            "product", "text", "Product or product group", False, ("product_id", "item", "sku", "stock_code")
        ),
        Column("quantity", "number", "Units sold", False, ("qty", "units")),
    ),
    required=True,
)

_RESOURCES = Table(
    "Resources",
    "What the departments, people and equipment cost, and how much they can do.",
    (
        Column(
            "resource",
            "name",
            "The resource: a department, a team, a fleet",
            True,
            ("department", "cost_centre", "cost_center"),
        ),
        Column(
            "cost",
            "number",
            "Its cost over the period, in currency, positive",
            True,
            ("amount", "total_cost"),
        ),
        Column(
            "capacity",
            "number",
            "Units it could supply over the period; blank: unknown, so nothing is idle",
            False,
            ("capacity_supplied", "theoretical_capacity"),
            minimum=0.0,
        ),
        Column("unit", "text", "The unit of its capacity, such as minutes", False, ("capacity_unit",)),
        Column(
            "practical",
            "share",
            "Share of the capacity that is workable (0.8 means 80 %)",
            False,
            ("practical_share", "practical_capacity"),
            default=1.0,
            minimum=0.0,
            maximum=1.0,
        ),
        Column(
            "avoidable",
            "share",
            "Share of the cost that goes if the demand goes",
            False,
            ("avoidable_share",),
            default=1.0,
            minimum=0.0,
            maximum=1.0,
        ),
        Column("period", "period", "The period it is for; blank: the whole span", False, ("month",)),
    ),
)

_ALLOCATIONS = Table(
    "Allocations",
    "Stage one: support resources spread over the resources that they serve.",
    (
        Column("from", "name", "The support resource", True, ("from_resource", "sender")),
        Column("to", "name", "The resource it serves", True, ("to_resource", "receiver")),
        Column(
            "share",
            "share",
            "Share of its cost; the shares of one resource add up to 1 at most",
            True,
            ("allocation", "percent"),
            minimum=0.0,
            maximum=1.0,
        ),
    ),
    key=("from", "to"),
)

_ACTIVITIES = Table(
    "Activities",
    "Time equations: one row for each term. The row with no driver is the base term.",
    (
        Column("activity", "name", "The activity", True),
        Column(
            "group",
            "name",
            "What it is done for: " + ", ".join(GROUPS) + ", or your own word",
            True,
            ("activity_group",),
        ),
        Column("resource", "name", "The resource that does it (or give a unit_cost)", False),
        Column(
            "driver",
            "name",
            "The ActivityLog column that this term multiplies; blank: quantity",
            False,
            ("cost_driver",),
        ),
        Column(
            "rate",
            "number",
            "Resource units for each unit of the driver, such as minutes a line",
            True,
            ("units", "minutes"),
            minimum=0.0,
        ),
        Column(
            "unit_cost",
            "number",
            "Cost of one unit, in currency, instead of a resource",
            False,
            ("cost_per_unit",),
            minimum=0.0,
        ),
        Column(
            "level",
            "choice",
            "Level of the customer cost hierarchy",
            False,
            ("hierarchy",),
            LEVELS,
            "customer",
        ),
        Column(
            "avoidable",
            "share",
            "Share of the cost that goes if the customer goes; blank: the resource's",
            False,
            ("avoidable_share",),
            minimum=0.0,
            maximum=1.0,
        ),
    ),
    key=("activity", "driver", "resource"),
)

_ACTIVITY_LOG = Table(
    "ActivityLog",
    "What was done for whom, from the CRM, the helpdesk or the warehouse. Driver columns are extra.",
    (
        _date("Date of the activity"),
        _customer(note="The customer it was done for"),
        Column("activity", "name", "The activity, as in Activities", True),
        Column("quantity", "number", "How many times; blank: once", False, ("qty", "count"), default=1.0),
    ),
)

_DIRECT_COSTS = Table(
    "DirectCosts",
    "Costs that are known to be one customer's: a rebate campaign, a special pallet, a fair.",
    (
        _date("Date of the cost"),
        _customer(),
        Column(
            "group",
            "name",
            "What it was spent on: " + ", ".join(GROUPS) + ", cogs, or your own word",
            True,
            ("cost_group", "category"),
        ),
        Column("amount", "number", "The cost, in currency, positive", True, ("cost",)),
        Column("note", "text", "What it was", False, ("description", "comment")),
        Column(
            "avoidable",
            "share",
            "Share of the cost that goes if the customer goes",
            False,
            ("avoidable_share",),
            default=1.0,
            minimum=0.0,
            maximum=1.0,
        ),
    ),
)

_COMMISSIONS = Table(
    "Commissions",
    "Commission rules. The most specific one wins: customer, owner, segment, channel, product, all.",
    (
        Column("scope", "choice", "Whom the rule is for", True, (), SCOPES),
        Column("value", "text", "Which customer, owner, segment, channel or product; blank for all", False),
        Column("basis", "choice", "What the rate is taken of", True, (), ("net_revenue", "gross_margin")),
        Column(
            "rate",
            "share",
            "The commission rate (0.02 means 2 %)",
            True,
            ("commission_rate",),
            minimum=0.0,
            maximum=1.0,
        ),
        _date("First day it holds; blank: always", "start", False, "valid_from"),
        _date("Last day it holds; blank: still", "end", False, "valid_to"),
    ),
    key=("scope", "value", "start", "end"),
)

_INVOICES = Table(
    "Invoices",
    "What was invoiced, when it fell due and when it was paid.",
    (
        Column("invoice", "text", "Invoice number", True, ("invoice_no", "invoice_number")),
        _customer(),
        _date("Invoice date", "issued", True, "invoice_date", "issue_date"),
        _date("Due date", "due", True, "due_date"),
        Column("amount", "number", "Invoiced amount, in currency", True, ("invoice_amount", "total")),
        _date("Date it was paid; blank: still open", "paid", False, "paid_date", "payment_date"),
        Column("disputed", "flag", "yes where the customer disputes it", False, (), default=False),
    ),
    key=("invoice", "customer", "issued", "due", "amount"),
)

_BALANCES = Table(
    "Balances",
    "The average receivable over a period, for customers that have no invoices in the workbook.",
    (
        _date("Any day in the period"),
        _customer(),
        Column(
            "balance",
            "number",
            "Average receivable over the period, in currency",
            True,
            ("receivable", "average_receivable"),
        ),
    ),
    key=("date", "customer"),
)

_LOSS_RATES = Table(
    "LossRates",
    "The provision matrix: what share is lost, by how late the money is.",
    (
        Column(
            "days_past_due",
            "number",
            "Lower bound of the bucket, in days past due; 0 is not yet due",
            True,
            ("days", "bucket"),
            minimum=0.0,
        ),
        Column(
            "rate",
            "share",
            "Share of the open balance that is lost (0.016 means 1.6 %)",
            True,
            ("loss_rate",),
            minimum=0.0,
            maximum=1.0,
        ),
    ),
    key=("days_past_due",),
)

_REFERRALS = Table(
    "Referrals",
    "Who brought whom.",
    (
        Column("referrer", "customer", "The customer who recommended", True, ("referred_by",)),
        Column("referred", "customer", "The customer who came", True, ("referee",)),
        _date("When", "date", False),
        Column(
            "share",
            "share",
            "Share of the credit, where several recommended",
            False,
            (),
            default=1.0,
            minimum=0.0,
            maximum=1.0,
        ),
        Column(
            "anyway",
            "share",
            "Probability that it would have come anyhow",
            False,
            ("anyhow",),
            default=0.0,
            minimum=0.0,
            maximum=1.0,
        ),
        Column(
            "reward",
            "number",
            "What the referrer was given for it, in currency, positive",
            False,
            (),
            default=0.0,
            minimum=0.0,
        ),
    ),
    key=("referrer", "referred"),
)

_PROSPECTS = Table(
    "Prospects",
    "Companies that are not customers yet. A blank is an unknown, never a reason to reject.",
    (
        Column("prospect", "name", "The prospect", True, ("lead", "opportunity")),
        Column("segment", "text", "Segment, for the benchmark from existing customers", False),
        Column(
            "revenue",
            "number",
            "Net revenue expected, a year, in currency; blank: unknown",
            False,
            ("revenue_a_year", "annual_revenue"),
            minimum=0.0,
        ),
        Column(
            "margin",
            "share",
            "Gross margin expected, as a share of revenue; blank: unknown",
            False,
            ("gross_margin",),
            maximum=1.0,
        ),
        Column(
            "win_probability",
            "share",
            "Chance of winning it; blank: unknown",
            False,
            ("probability",),
            minimum=0.0,
            maximum=1.0,
        ),
        Column(
            "pursuit_cost",
            "number",
            "Money to be spent on winning it, in currency, positive",
            False,
            (),
            minimum=0.0,
        ),
        Column("pursuit_hours", "number", "Hours to be spent on winning it", False, (), minimum=0.0),
        Column("resource", "name", "Whose hours they are: a resource, whose rate prices them", False),
        Column(
            "high_care_probability",
            "share",
            "Chance that it needs more than average care",
            False,
            ("high_care",),
            minimum=0.0,
            maximum=1.0,
        ),
        Column("payment_days", "number", "Days until it pays", False, (), minimum=0.0),
        Column(
            "loss_probability",
            "share",
            "Share of its revenue that will not be paid",
            False,
            ("default_probability",),
            minimum=0.0,
            maximum=1.0,
        ),
        Column("horizon", "number", "Years to count; blank: as in Settings", False, ("years",), minimum=0.0),
    ),
    key=("prospect",),
)

_PROSPECT_NEEDS = Table(
    "ProspectNeeds",
    "What a prospect would need in a year, activity by activity. Driver columns are extra.",
    (
        Column("prospect", "name", "The prospect, as in Prospects", True, ("lead", "opportunity")),
        Column("activity", "name", "The activity, as in Activities", True),
        Column("quantity", "number", "How many times a year", True, ("quantity_a_year",), minimum=0.0),
    ),
    key=("prospect", "activity"),
)

_CONTROL_TOTALS = Table(
    "ControlTotals",
    "What the general ledger says, to tie out against.",
    (
        Column("line", "name", "A line of the P&L, a group, an activity or a resource", True, ("measure",)),
        Column("amount", "number", "The amount in the books; a cost may have either sign", True),
        Column("period", "period", "The period it is for; blank: the whole span", False, ("month",)),
    ),
    key=("line", "period"),
)

_SOURCES = Table(
    "Sources",
    "Tables that come from files and databases, read at each refresh instead of a sheet.",
    (
        Column("table", "choice", "The table that is read from it", True, (), SOURCED),
        Column(
            "source",
            "text",
            "A file, folder, pattern or workbook; postgresql://user@host/database; env:NAME or keyring:SERVICE/NAME",
            True,
            ("path", "url", "connection", "file"),
        ),
        Column("query", "text", "In a database: the table, or a SELECT", False, ("relation", "sql")),
        Column("mapping", "text", "Columns of another name: customer=cust_no; gross_revenue=net", False),
        Column("password", "text", "Where the password is: env:NAME or keyring:SERVICE/NAME", False),
        Column(
            "options", "text", "Such as delimiter=; decimal=, or engine=spark, with blanks between", False
        ),
        Column(
            "time_limit",
            "number",
            "Seconds after which the query is stopped",
            False,
            ("timeout",),
            default=600.0,
            minimum=1.0,
            maximum=86400.0,
        ),
    ),
    key=("table",),
)

TABLES: dict[str, Table] = {
    t.name: t
    for t in (
        _SETTINGS,
        _CUSTOMERS,
        _SALES,
        _RESOURCES,
        _ALLOCATIONS,
        _ACTIVITIES,
        _ACTIVITY_LOG,
        _DIRECT_COSTS,
        _COMMISSIONS,
        _INVOICES,
        _BALANCES,
        _LOSS_RATES,
        _REFERRALS,
        _PROSPECTS,
        _PROSPECT_NEEDS,
        _CONTROL_TOTALS,
        _SOURCES,
    )
}
"""Every input table by name, in the order in which a template shows them."""

DRIVER_TABLES = ("ActivityLog", "ProspectNeeds")
"""Tables whose extra columns may be drivers that Activities names."""


@dataclass(frozen=True)
class Setting:
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


SETTINGS: dict[str, Setting] = {
    s.name: s
    for s in (
        Setting("currency", "text", "ISO code of the currency, such as EUR", "EUR"),
        Setting(
            "start", "date", "First day counted; blank: the first date of the sales, costs and activities"
        ),
        Setting("end", "date", "Last day counted; blank: the last date of the sales, costs and activities"),
        Setting(
            "language",
            "choice",
            "Language of the result sheets and messages; blank: English",
            choices=tuple(LANGUAGES),
        ),
        Setting("period", "choice", "Length of a period", "month", choices=("month", "quarter", "year")),
        Setting(
            "as_of", "date", "The day on which open invoices are looked at; blank: the last date in the data"
        ),
        Setting("discount_rate", "share", "Discount rate, a year, for present values", 0.10, 0.0, 1.0),
        Setting(
            "cost_of_capital",
            "share",
            "Cost of capital, a year, that finances receivables; blank: financing is left out",
            None,
            0.0,
            1.0,
        ),
        Setting("horizon", "number", "Years that a decision looks ahead", 3.0, 0.0, 50.0),
        Setting("retention", "share", "Probability that a customer stays another year", 0.85, 0.0, 1.0),
        Setting(
            "window",
            "number",
            "Periods looked back on: what a customer earns now, and where it is going",
            18.0,
            6.0,
        ),
        Setting(
            "false_alarm_rate",
            "share",
            "Share of the customers named as rising, falling or warned that may be chance",
            0.05,
            0.001,
            0.5,
        ),
        Setting(
            "trend_periods", "number", "Fewest periods with sales or cost that a trend is read from", 6.0, 3.0
        ),
        Setting(
            "new_periods", "number", "A customer is new for so many periods after its first sale", 6.0, 1.0
        ),
        Setting(
            "dormant_periods", "number", "A customer is dormant after so many periods with no sale", 6.0, 1.0
        ),
        Setting("redeployable", "share", "Share of freed capacity that other work can use", 0.5, 0.0, 1.0),
        Setting("exit_cost", "number", "Cost of ending a relationship, in currency, positive", 0.0, 0.0),
        Setting("max_price_increase", "share", "The most that a price can be raised", 0.10, 0.0, 1.0),
        Setting("max_order_fee", "number", "The highest fee for an order that can be asked", 50.0, 0.0),
        Setting(
            "max_activity_cut", "share", "The most that an activity can be cut for a customer", 0.5, 0.0, 1.0
        ),
        Setting(
            "max_payment_days_cut",
            "number",
            "The most days by which payment can be brought forward",
            30.0,
            0.0,
        ),
        Setting("simulations", "number", "Runs that tell how sure a verdict is", 500.0, 0.0, 100000.0),
        Setting("seed", "number", "Seed of those runs: the same seed, the same answer", 1.0, 0.0),
        Setting("uncertainty_rates", "share", "How far rates may be off, either way", 0.10, 0.0, 1.0),
        Setting("uncertainty_volumes", "share", "How far volumes may be off, either way", 0.10, 0.0, 1.0),
        Setting("uncertainty_retention", "share", "How far retention may be off, either way", 0.10, 0.0, 1.0),
        Setting(
            "fully_loaded", "flag", "yes: show beside profit what each would bear of the unspread cost", False
        ),
    )
}
"""Every setting by name."""


@dataclass(frozen=True)
class Settings:
    """The settings of one run, read and completed: one field for each of :data:`SETTINGS`.

    Rates and shares are fractions a year; ``horizon`` is in years; ``start``, ``end`` and ``as_of``
    are whole days, ``start`` and ``end`` both counted.
    """

    start: pd.Timestamp
    end: pd.Timestamp
    as_of: pd.Timestamp
    currency: str = "EUR"
    language: str = "en"
    period: str = "month"
    discount_rate: float = 0.10
    cost_of_capital: float | None = None
    horizon: float = 3.0
    retention: float = 0.85
    window: float = 18.0
    false_alarm_rate: float = 0.05
    trend_periods: float = 6.0
    new_periods: float = 6.0
    dormant_periods: float = 6.0
    redeployable: float = 0.5
    exit_cost: float = 0.0
    max_price_increase: float = 0.10
    max_order_fee: float = 50.0
    max_activity_cut: float = 0.5
    max_payment_days_cut: float = 30.0
    simulations: float = 500.0
    seed: float = 1.0
    uncertainty_rates: float = 0.10
    uncertainty_volumes: float = 0.10
    uncertainty_retention: float = 0.10
    fully_loaded: bool = False


@dataclass(frozen=True)
class Raw:
    """An input table as a host found it: cells of any type under their own headers.

    ``frame`` has object columns named by the headers as written. ``row`` and ``column`` are the
    sheet row and column (from 1) of the first header cell, so body row *i* stands in sheet row
    ``row + 1 + i`` and frame column *j* in sheet column ``column + j``. A ``row`` of 0 says that the
    table stands on no sheet. ``lines`` says how many rows of a source each row was summed from; without
    it each row stands for itself. ``below`` is how many rows stand right below the Excel Table, and are
    not read; ``below_row`` is the sheet row of the first of them. ``formats`` has the number formats that say
    what a number is, a currency or a percentage: by frame column *j* the format's code and which body rows bear it.
    """

    name: str
    sheet: str
    frame: pd.DataFrame
    row: int = 1
    column: int = 1
    lines: pd.Series | None = None
    below: int = 0
    below_row: int = 0
    formats: Mapping[int, Mapping[str, npt.NDArray[np.int64]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Inputs:
    """All input tables of a run, typed and clean: what the model reads.

    ``frames`` has every table of :data:`TABLES`, an empty frame where it was not given. A frame has
    the columns of its specification by canonical name and ``row``, the sheet row (``int64``):

    - ``customer``, ``name`` and ``choice`` columns are categoricals of strings, ``""`` where blank,
      in the canonical spelling;
    - ``text`` columns are strings, ``""`` where blank;
    - ``number`` and ``share`` columns are ``float64``, ``NaN`` where blank and without a default;
    - ``date`` columns are ``datetime64[ns]``, whole days, ``NaT`` where blank;
    - ``period`` columns are strings, ``2024-03``, ``2024-Q1``, ``2024`` or ``""``;
    - ``flag`` columns are ``bool``.

    The tables in :data:`DRIVER_TABLES` have a ``float64`` column more for each driver that
    Activities names (0 where blank). ``sheets`` says on which sheet each given table stands, and
    ``cells`` in which sheet column (from 1) each of its canonical columns stands.
    """

    settings: Settings
    frames: Mapping[str, pd.DataFrame]
    sheets: Mapping[str, str]
    cells: Mapping[str, Mapping[str, int]]

    def __getitem__(self, table: str) -> pd.DataFrame:
        """Return the frame of a table."""
        return self.frames[table]

    def given(self, table: str) -> bool:
        """Whether the table has any row."""
        return len(self.frames[table]) > 0
