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
    *("Sales", "Customers", "Aliases", "Resources", "Allocations", "Activities", "ActivityLog"),
    *("DirectCosts", "Commissions", "Invoices", "Balances", "LossRates", "Referrals", "Prospects"),
    *("ProspectNeeds", "ControlTotals"),
)
"""The tables that may come from a source: all but the settings, and the sources themselves."""

SCOPES = ("customer", "owner", "segment", "channel", "product", "all")
"""Whom a commission rule is for, the most specific first."""


@dataclass(frozen=True)
class Column:
    """One column of an input table.

    ``minimum`` and ``maximum`` are inclusive bounds of a number. ``default`` is what a blank
    means; ``None`` is a blank that stays unknown. ``assumed`` says what the figures take for granted
    where the whole column is missing; nothing where no figure depends on it. The other headers of a
    column are in :mod:`xlprofit.synonyms`.
    """

    name: str
    kind: Kind
    note: str
    required: bool = False
    choices: tuple[str, ...] = ()
    default: float | str | bool | None = None
    minimum: float | None = None
    maximum: float | None = None
    assumed: str = ""


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
    )


def _date(note: str, name: str = "date", required: bool = True, assumed: str = "") -> Column:
    return Column(name, "date", note, required, assumed=assumed)


_SETTINGS = Table(
    "Settings",
    "How the workbook is to be read: one setting a row.",
    (
        Column("setting", "name", "The setting's name; the list is in the drop-down", True),
        Column("value", "text", "Its value", True),
    ),
    key=("setting",),
)

_CUSTOMERS = Table(
    "Customers",
    "Who the customers are. Without it, they are the names that the other tables mention.",
    (
        _customer(),
        Column("name", "text", "The name to show", False),
        Column(
            "segment",
            "text",
            "Segment, used for benchmarks and commissions",
            False,
            assumed="all customers are compared as one segment, and a commission rule for a segment matches nobody",
        ),
        Column(
            "channel",
            "text",
            "Sales channel",
            False,
            assumed="a commission rule for a channel matches nobody",
        ),
        Column(
            "owner",
            "text",
            "Who looks after the customer",
            False,
            assumed="a commission rule for an owner matches nobody",
        ),
        _date("Customer since", "since", False, assumed="a customer began with its first sale"),
        Column("country", "text", "Country", False),
    ),
    key=("customer",),
)

_ALIASES = Table(
    "Aliases",
    "Other names and numbers of a customer: rows of any table that have one are counted as that customer's.",
    (
        Column("system", "text", "Where it is called so, such as CRM or web shop; for your own use", False),
        Column("id", "text", "The other name or number", True, ("alias", "other_name", "other_number")),
        _customer(note="The customer that it is"),
    ),
    key=("system", "id", "customer"),
)

_SALES = Table(
    "Sales",
    "Sales lines from the ERP: at list price, with what was taken off beside it.",
    (
        _date("Date of the sale", "date", True),
        _customer(note="The customer; a blank line counts, under no customer"),
        Column("gross_revenue", "number", "Revenue at list price, in currency, positive", True),
        Column(
            "discount",
            "number",
            "Discounts and rebates, in currency, positive",
            False,
            default=0.0,
            assumed="no discount is deducted",
        ),
        Column(
            "returns",
            "number",
            "Returns and credit notes, in currency, positive",
            False,
            default=0.0,
            assumed="no returns are deducted",
        ),
        Column(
            "cogs",
            "number",
            "Cost of goods sold, in currency, positive",
            False,
            default=0.0,
            assumed="gross margin is then net revenue",
        ),
        Column("invoice", "text", "Invoice number", False),
        Column(
            "product",
            "text",
            "Product or product group",
            False,
            assumed="a commission rule for a product matches nothing",
        ),
        Column("quantity", "number", "Units sold", False),
    ),
    required=True,
)

_RESOURCES = Table(
    "Resources",
    "What the departments, people and equipment cost, and how much they can do.",
    (
        Column("resource", "name", "The resource: a department, a team, a fleet", True),
        Column("cost", "number", "Its cost over the period, in currency, positive", True),
        Column(
            "capacity",
            "number",
            "Units it could supply over the period; blank: unknown, so nothing is idle",
            False,
            minimum=0.0,
            assumed="nothing is idle, and the rate is cost divided by the units used",
        ),
        Column(
            "unit",
            "text",
            "The unit of its capacity, such as minutes",
            False,
            assumed="the hours of a prospect cannot be priced",
        ),
        Column(
            "practical",
            "share",
            "Share of the capacity that is workable (0.8 means 80 %)",
            False,
            default=1.0,
            minimum=0.0,
            maximum=1.0,
            assumed="all of the capacity is workable",
        ),
        Column(
            "avoidable",
            "share",
            "Share of the cost that goes if the demand goes; blank: unknown, anything from none to all of it",
            False,
            minimum=0.0,
            maximum=1.0,
            assumed="how much of the cost goes with the demand is unknown",
        ),
        Column(
            "period",
            "period",
            "The period it is for; blank: the whole span",
            False,
            assumed="each row is for the whole span",
        ),
        Column(
            "step",
            "number",
            "Units that its capacity comes and goes in, such as the minutes of one person; blank: any amount",
            minimum=0.0,
            assumed="freed capacity is worth something in any amount",
        ),
    ),
)

_ALLOCATIONS = Table(
    "Allocations",
    "Stage one: support resources spread over the resources that they serve.",
    (
        Column("from", "name", "The support resource", True),
        Column("to", "name", "The resource it serves", True),
        Column(
            "share",
            "share",
            "Share of its cost; the shares of one resource add up to 1 at most",
            True,
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
        Column("group", "name", "What it is done for: " + ", ".join(GROUPS) + ", or your own word", True),
        Column(
            "resource",
            "name",
            "The resource that does it (or give a unit_cost)",
            False,
            assumed="every term needs a unit_cost",
        ),
        Column(
            "driver",
            "name",
            "The ActivityLog column that this term multiplies; blank: quantity",
            False,
            assumed="every term multiplies the quantity",
        ),
        Column(
            "rate",
            "number",
            "Resource units for each unit of the driver, such as minutes a line",
            True,
            minimum=0.0,
        ),
        Column(
            "unit_cost",
            "number",
            "Cost of one unit, in currency, instead of a resource",
            False,
            minimum=0.0,
            assumed="every term is priced by its resource",
        ),
        Column(
            "level",
            "choice",
            "Level of the customer cost hierarchy",
            False,
            choices=LEVELS,
            default="customer",
            assumed="every activity is at the level customer",
        ),
        Column(
            "avoidable",
            "share",
            "Share of the cost that goes if the customer goes; blank: the resource's, all of it for a unit_cost",
            False,
            minimum=0.0,
            maximum=1.0,
            assumed="the share is that of the resource",
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
        Column(
            "quantity",
            "number",
            "How many times; blank: once",
            False,
            default=1.0,
            assumed="every row counts once",
        ),
    ),
)

_DIRECT_COSTS = Table(
    "DirectCosts",
    "Costs that are known to be one customer's: a rebate campaign, a special pallet, a fair.",
    (
        _date("Date of the cost"),
        _customer(),
        Column(
            "group", "name", "What it was spent on: " + ", ".join(GROUPS) + ", cogs, or your own word", True
        ),
        Column("amount", "number", "The cost, in currency, positive", True),
        Column("note", "text", "What it was", False),
        Column(
            "avoidable",
            "share",
            "Share of the cost that goes if the customer goes; blank: unknown, anything from none to all of it",
            False,
            minimum=0.0,
            maximum=1.0,
            assumed="how much of the cost goes with the customer is unknown",
        ),
        Column(
            "once",
            "flag",
            "yes where it will not come again: it is in the profit, and not in what the customer earns a year",
            default=False,
            assumed="every cost comes again",
        ),
    ),
)

_COMMISSIONS = Table(
    "Commissions",
    "Commission rules. The most specific one wins: customer, owner, segment, channel, product, all.",
    (
        Column("scope", "choice", "Whom the rule is for", True, choices=SCOPES),
        Column(
            "value",
            "text",
            "Which customer, owner, segment, channel or product; blank for all",
            False,
            assumed="only the rules for all match",
        ),
        Column("basis", "choice", "What the rate is taken of", True, choices=("net_revenue", "gross_margin")),
        Column("rate", "share", "The commission rate (0.02 means 2 %)", True, minimum=0.0, maximum=1.0),
        _date(
            "First day it holds; blank: always", "start", False, assumed="every rule holds from the first day"
        ),
        _date("Last day it holds; blank: still", "end", False, assumed="every rule holds to the last day"),
    ),
    key=("scope", "value", "start", "end"),
)

_INVOICES = Table(
    "Invoices",
    "What was invoiced, when it fell due and when it was paid.",
    (
        Column("invoice", "text", "Invoice number", True),
        _customer(),
        _date("Invoice date", "issued", True),
        _date("Due date", "due", True),
        Column("amount", "number", "Invoiced amount, in currency", True),
        _date("Date it was paid; blank: still open", "paid", False, assumed="every invoice counts as unpaid"),
        Column(
            "disputed",
            "flag",
            "yes where the customer disputes it",
            False,
            default=False,
            assumed="no invoice is disputed",
        ),
        Column(
            "written_off",
            "number",
            "What of the amount was written off, in currency, positive",
            default=0.0,
            minimum=0.0,
            assumed="nothing was written off",
        ),
        _date(
            "Date of the write-off; blank: the day it was closed (paid)",
            "written_off_on",
            False,
            assumed="a write-off is dated to the day on which the invoice was closed",
        ),
        Column(
            "recovered",
            "number",
            "What came in later of what was written off, in currency, positive",
            default=0.0,
            minimum=0.0,
            assumed="nothing was recovered",
        ),
    ),
    key=("invoice", "customer", "issued", "due", "amount"),
)

_BALANCES = Table(
    "Balances",
    "The average receivable over a period, for customers that have no invoices in the workbook.",
    (
        _date("Any day in the period"),
        _customer(),
        Column("balance", "number", "Average receivable over the period, in currency", True),
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
            minimum=0.0,
        ),
        Column(
            "rate",
            "share",
            "Share of the open balance that is lost (0.016 means 1.6 %); blank: unknown",
            True,
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
        Column("referrer", "customer", "The customer who recommended", True),
        Column("referred", "customer", "The customer who came", True),
        _date("When", "date", False),
        Column(
            "share",
            "share",
            "Share of the credit, where several recommended",
            False,
            default=1.0,
            minimum=0.0,
            maximum=1.0,
            assumed="each referrer has the whole credit",
        ),
        Column(
            "anyway",
            "share",
            "Probability that it would have come anyhow",
            False,
            default=0.0,
            minimum=0.0,
            maximum=1.0,
            assumed="none of the customers would have come anyway",
        ),
        Column(
            "reward",
            "number",
            "What the referrer was given for it, in currency, positive",
            False,
            default=0.0,
            minimum=0.0,
            assumed="no reward was paid",
        ),
    ),
    key=("referrer", "referred"),
)

_PROSPECTS = Table(
    "Prospects",
    "Companies that are not customers yet. A blank is an unknown, never a reason to reject.",
    (
        Column("prospect", "name", "The prospect", True),
        Column(
            "segment",
            "text",
            "Segment, for the benchmark from existing customers",
            False,
            assumed="the benchmark may be that of any segment",
        ),
        Column(
            "revenue",
            "number",
            "Net revenue expected, a year, in currency; blank: unknown",
            False,
            minimum=0.0,
            assumed="revenue is unknown",
        ),
        Column(
            "margin",
            "share",
            "Gross margin expected, as a share of revenue; blank: unknown",
            False,
            maximum=1.0,
            assumed="the margin is unknown",
        ),
        Column(
            "win_probability",
            "share",
            "Chance of winning it; blank: unknown",
            False,
            minimum=0.0,
            maximum=1.0,
            assumed="the chance of winning is unknown",
        ),
        Column(
            "pursuit_cost",
            "number",
            "Money to be spent on winning it, in currency, positive",
            False,
            minimum=0.0,
            assumed="pursuing costs no money beside the hours",
        ),
        Column(
            "pursuit_hours",
            "number",
            "Hours to be spent on winning it",
            False,
            minimum=0.0,
            assumed="pursuing takes no hours beside the money",
        ),
        Column(
            "resource",
            "name",
            "Whose hours they are: a resource, whose rate prices them",
            False,
            assumed="the hours have no price",
        ),
        Column(
            "high_care_probability",
            "share",
            "Chance that it needs more than average care",
            False,
            minimum=0.0,
            maximum=1.0,
            assumed="the chance of high care is unknown",
        ),
        Column(
            "payment_days",
            "number",
            "Days until it pays",
            False,
            minimum=0.0,
            assumed="the days until it pays are unknown",
        ),
        Column(
            "loss_probability",
            "share",
            "Share of its revenue that will not be paid",
            False,
            minimum=0.0,
            maximum=1.0,
            assumed="the share that will not be paid is unknown",
        ),
        Column(
            "horizon",
            "number",
            "Years to count; blank: as in Settings",
            False,
            minimum=0.0,
            assumed="the years are those of Settings",
        ),
    ),
    key=("prospect",),
)

_PROSPECT_NEEDS = Table(
    "ProspectNeeds",
    "What a prospect would need in a year, activity by activity. Driver columns are extra.",
    (
        Column("prospect", "name", "The prospect, as in Prospects", True),
        Column("activity", "name", "The activity, as in Activities", True),
        Column("quantity", "number", "How many times a year", True, minimum=0.0),
    ),
    key=("prospect", "activity"),
)

_CONTROL_TOTALS = Table(
    "ControlTotals",
    "What the general ledger says, to tie out against.",
    (
        Column("line", "name", "A line of the P&L, a group, an activity or a resource", True),
        Column("amount", "number", "The amount in the books; a cost may have either sign", True),
        Column(
            "period",
            "period",
            "The period it is for; blank: the whole span",
            False,
            assumed="each amount is for the whole span",
        ),
    ),
    key=("line", "period"),
)

_SOURCES = Table(
    "Sources",
    "Tables that come from files and databases, read at each refresh instead of a sheet.",
    (
        Column("table", "choice", "The table that is read from it", True, choices=SOURCED),
        Column(
            "source",
            "text",
            "A file, folder, pattern or workbook; postgresql://user@host/database; env:NAME or keyring:SERVICE/NAME",
            True,
        ),
        Column("query", "text", "In a database: the table, or a SELECT", False),
        Column("mapping", "text", "Columns of another name: customer=cust_no; gross_revenue=net", False),
        Column("password", "text", "Where the password is: env:NAME or keyring:SERVICE/NAME", False),
        Column(
            "options", "text", "Such as delimiter=; decimal=, or engine=spark, with blanks between", False
        ),
        Column(
            "profile",
            "text",
            "How an export is read: the name of a ready profile, a TOML file, or the profile itself",
            False,
        ),
        Column(
            "time_limit",
            "number",
            "Seconds after which the query is stopped",
            False,
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
        _ALIASES,
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
        Setting(
            "finance_receivables_at",
            "choice",
            "What is financed while a customer owes: the selling price, or the cost of the goods",
            "price",
            choices=("price", "cost"),
        ),
        Setting("horizon", "number", "Years that a decision looks ahead", 3.0, 0.0, 50.0),
        Setting("retention", "share", "Probability that a customer stays another year", 0.85, 0.0, 1.0),
        Setting(
            "window",
            "number",
            "Months looked back on: what a customer earns now, and where it is going",
            18.0,
            6.0,
            120.0,
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
        Setting(
            "confidence",
            "share",
            "Confidence below which the advice is to investigate first",
            0.80,
            0.0,
            1.0,
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
    finance_receivables_at: str = "price"
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
    confidence: float = 0.80
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
    ``text`` says that it comes from a file of text, where every number and every date is a text.
    ``shuffled`` says that the cells of its sheet stood in the file in another order than on the sheet. ``further``
    names sheets that are not read and, by their names, hold more rows of the table.
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
    text: bool = False
    shuffled: bool = False
    further: tuple[str, ...] = ()


@dataclass(frozen=True)
class LeftOut:
    """The rows of a table that errors in them left out of the figures, beside those that are counted.

    ``rows`` are left out, of which ``unread`` have an amount that cannot be read; ``amount`` is that of the others, in
    money (net revenue in Sales; 0 in a table that has none). ``counted`` and ``counted_amount`` are of the rows in the
    figures.
    """

    rows: int = 0
    unread: int = 0
    amount: float = 0.0
    counted: int = 0
    counted_amount: float = 0.0

    @property
    def share(self) -> float:
        """The share that is left out, about: of the table's money, a row that cannot be read taken for an average one.

        Of its rows, where it has no money or less than none.
        """
        average = self.counted_amount / self.counted if self.counted else 0.0
        lost = self.amount + self.unread * average
        if lost > 0 and self.counted_amount > 0:
            return lost / (lost + self.counted_amount)
        return self.rows / (self.rows + self.counted) if self.rows else 0.0


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
    ``cells`` in which sheet column (from 1) each of its canonical columns stands. ``left_out`` has the tables of which
    rows were left out for an error in them.
    """

    settings: Settings
    frames: Mapping[str, pd.DataFrame]
    sheets: Mapping[str, str]
    cells: Mapping[str, Mapping[str, int]]
    left_out: Mapping[str, LeftOut] = field(default_factory=dict)

    def __getitem__(self, table: str) -> pd.DataFrame:
        """Return the frame of a table."""
        return self.frames[table]

    def given(self, table: str) -> bool:
        """Whether the table has any row."""
        return len(self.frames[table]) > 0
