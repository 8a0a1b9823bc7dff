"""Every input table: its columns, what they mean, and the words they are known by. Said once, here.

A *table* is known by its name (``Sales``), a *column* by its header. Headers are matched whatever
their order, case, blanks or underscores (:func:`header_key`); extra columns are kept and ignored. A new table is
one file with its specification, and its entry in the list below.
"""

from __future__ import annotations

from xlprofit.tables.activities import ACTIVITIES
from xlprofit.tables.activity_log import ACTIVITY_LOG
from xlprofit.tables.aliases import ALIASES
from xlprofit.tables.allocations import ALLOCATIONS
from xlprofit.tables.balances import BALANCES
from xlprofit.tables.commissions import COMMISSIONS
from xlprofit.tables.control_totals import CONTROL_TOTALS
from xlprofit.tables.customers import CUSTOMERS
from xlprofit.tables.direct_costs import DIRECT_COSTS
from xlprofit.tables.hierarchy import ACQUIRE_GROUPS, GROUPS, LEVELS, RESERVED_GROUPS, SCOPES, UNSPREAD_LEVELS
from xlprofit.tables.inputs import Inputs, LeftOut, Raw
from xlprofit.tables.invoices import INVOICES
from xlprofit.tables.loss_rates import LOSS_RATES
from xlprofit.tables.prospect_needs import PROSPECT_NEEDS
from xlprofit.tables.prospects import PROSPECTS
from xlprofit.tables.referrals import REFERRALS
from xlprofit.tables.resources import RESOURCES
from xlprofit.tables.sales import SALES
from xlprofit.tables.scenarios import SCENARIOS
from xlprofit.tables.settings import SETTINGS, Settings, SettingSpec
from xlprofit.tables.settings_table import SETTINGS_TABLE
from xlprofit.tables.sources import build_sources
from xlprofit.tables.spec import ColumnSpec, Kind, Subtotals, Synonyms, TableSpec, header_key

__all__ = [
    "ACQUIRE_GROUPS",
    "DRIVER_TABLES",
    "GROUPS",
    "LEVELS",
    "RESERVED_GROUPS",
    "SCOPES",
    "SETTINGS",
    "SOURCED",
    "TABLES",
    "UNSPREAD_LEVELS",
    "ColumnSpec",
    "Inputs",
    "Kind",
    "LeftOut",
    "Raw",
    "SettingSpec",
    "Settings",
    "Subtotals",
    "Synonyms",
    "TableSpec",
    "header_key",
]

_GIVEN = (
    SETTINGS_TABLE,
    CUSTOMERS,
    ALIASES,
    SALES,
    RESOURCES,
    ALLOCATIONS,
    ACTIVITIES,
    ACTIVITY_LOG,
    DIRECT_COSTS,
    COMMISSIONS,
    INVOICES,
    BALANCES,
    LOSS_RATES,
    REFERRALS,
    PROSPECTS,
    PROSPECT_NEEDS,
    CONTROL_TOTALS,
    SCENARIOS,
)

SOURCED = tuple(t.name for t in sorted(_GIVEN, key=lambda table: not table.required) if t.sourced)
"""The tables that may come from a source: all but the settings, and the sources themselves."""

TABLES: dict[str, TableSpec] = {t.name: t for t in (*_GIVEN, build_sources(SOURCED))}
"""Every input table by name, in the order in which a template shows them."""

DRIVER_TABLES = tuple(t.name for t in TABLES.values() if t.drivers)
"""Tables whose extra columns may be drivers that Activities names."""
