from __future__ import annotations

import hashlib
from functools import cache

import numpy as np
import pandas as pd
import pytest

from xlprofit.samples import demo
from xlprofit.samples.demo import company, effort
from xlprofit.samples.demo.names import company_names
from xlprofit.samples.demo.stories import cast
from xlprofit.tables import DRIVER_TABLES, SETTINGS, TABLES, ColumnSpec
from xlprofit.workflow import analyze

SMALL = {"customers": 20, "sales_lines": 500, "activity_rows": 300}
STORY = {story.name: list(story.customers) for story in demo.STORIES}
COMPANY_LEVEL = ["Trade fair and catalogue", "Group reporting"]


@cache
def full(seed: int = demo.SEED) -> dict[str, pd.DataFrame]:
    return demo.tables(seed)


def digest(tables: dict[str, pd.DataFrame]) -> str:
    found = hashlib.sha256()
    for name, frame in tables.items():
        found.update(
            name.encode() + frame.to_csv(index=False).encode() + str(frame.dtypes.to_dict()).encode()
        )
    return found.hexdigest()


def by_month(amounts: pd.Series, table: pd.DataFrame, customers: list[str]) -> pd.DataFrame:
    month = (table["date"].dt.year * 12 + table["date"].dt.month - 1) - (2024 * 12 + 10)
    sums = amounts.groupby([table["customer"], month]).sum().unstack()
    return sums.reindex(index=customers, columns=range(24)).fillna(0.0)


def over(amounts: pd.DataFrame, customers: list[str], first: int, last: int) -> pd.Series:
    """The sum over these months, the last one not counted."""
    return amounts.loc[customers].iloc[:, first:last].sum(axis=1)


def net_revenue(sales: pd.DataFrame) -> pd.Series:
    return pd.Series(sales["gross_revenue"] - sales["discount"] - sales["returns"])


def activity_cost(tables: dict[str, pd.DataFrame]) -> pd.Series:
    """The cost of each row of the log, worked out here a second time and the plain way."""
    capacity = allocated(tables)
    rate = capacity["cost"] / capacity["supplied"]
    log = tables["ActivityLog"]
    period = log["date"].dt.strftime("%Y-%m")
    cost = pd.Series(0.0, index=log.index)
    terms = tables["Activities"][["activity", "driver", "rate", "resource", "unit_cost"]]
    for activity, driver, times, resource, unit_cost in terms.itertuples(index=False):
        rows = (log["activity"] == activity).to_numpy()
        units = log.loc[rows, driver if isinstance(driver, str) else "quantity"].fillna(0.0).to_numpy()
        price = period[rows].map(rate.xs(resource)).to_numpy() if isinstance(resource, str) else unit_cost
        cost[rows] += float(times) * units * price
    return cost


def allocated(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Cost after stage one and practical capacity, by resource and period."""
    resources = tables["Resources"]
    cost = resources.pivot(index="resource", columns="period", values="cost")
    given = tables["Allocations"].pivot(index="from", columns="to", values="share")
    shares = given.reindex(index=cost.index, columns=cost.index).fillna(0.0).to_numpy()
    through = np.linalg.solve(np.eye(len(cost)) - shares.T, cost.to_numpy())
    kept = through * (1 - shares.sum(axis=1))[:, None]
    keys = pd.MultiIndex.from_product([cost.index, cost.columns])
    supplied = (resources["capacity"] * resources["practical"]).to_numpy()
    keyed = resources[["resource", "period"]].assign(supplied=supplied).set_index(["resource", "period"])
    return keyed.assign(cost=pd.Series(kept.ravel(), index=keys)).dropna()


@cache
def operating_profit() -> pd.DataFrame:
    """Gross margin less activity costs, by customer and month of the full demo."""
    tables = full()
    names = tables["Customers"]["customer"].tolist()
    margin = by_month(net_revenue(tables["Sales"]) - tables["Sales"]["cogs"], tables["Sales"], names)
    return margin - by_month(activity_cost(tables), tables["ActivityLog"], names)


# --- shape ----------------------------------------------------------------------------------------


def test_every_table_is_made_with_its_columns_in_order() -> None:
    tables = full()
    assert list(tables) == list(TABLES)
    for name, frame in tables.items():
        drivers = list(company.DRIVERS) if name in DRIVER_TABLES else []
        assert list(frame.columns) == [c.name for c in TABLES[name].columns] + drivers
        assert (len(frame) > 0) is (name not in ("Aliases", "Sources"))  # it needs neither
        assert frame.index.equals(pd.RangeIndex(len(frame)))


def test_the_size_is_as_asked() -> None:
    tables = full()
    assert {n: len(tables[n]) for n in ("Customers", "Sales", "ActivityLog")} == {
        "Customers": 400,
        "Sales": 60_000,
        "ActivityLog": 40_000,
    }
    assert len(tables["Prospects"]) == 40
    assert tables["Sales"]["date"].dt.to_period("M").nunique() == 24


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    ("customers", "sales_lines", "activity_rows"),
    [(15, 100, 200), (20, 500, 300), (60, 20_000, 900), (900, 2_000, 2_500)],
)
def test_it_scales(seed: int, customers: int, sales_lines: int, activity_rows: int) -> None:
    tables = demo.tables(seed, customers=customers, sales_lines=sales_lines, activity_rows=activity_rows)
    assert len(tables["Customers"]) == customers
    assert len(tables["Sales"]) == sales_lines
    assert len(tables["ActivityLog"]) == activity_rows
    refer_to_known_names(tables)
    keys_are_unique(tables)


@pytest.mark.parametrize("name", ["customers", "sales_lines", "activity_rows"])
def test_too_small_a_company_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=f"{name} is 3; the demo company needs"):
        demo.tables(**{**SMALL, name: 3})


# --- the same seed, the same bytes ----------------------------------------------------------------


def test_the_same_seed_gives_the_same_bytes() -> None:
    assert digest(demo.tables()) == digest(full())


def test_another_seed_gives_another_company() -> None:
    first, second = (demo.tables(seed, **SMALL) for seed in (1, 2))
    for name in (
        "Sales",
        "Resources",
        "ActivityLog",
        "DirectCosts",
        "Invoices",
        "Prospects",
        "ControlTotals",
    ):
        assert not first[name].equals(second[name]), name


def test_the_tables_of_two_calls_are_not_the_same_objects() -> None:
    first = demo.tables(3, **SMALL)
    before = digest(first)
    second = demo.tables(3, **SMALL)["ControlTotals"]
    second.loc[:, "amount"] = 0.0
    assert digest(first) == before


# --- every cell is what its column says -----------------------------------------------------------


WRITE_OFFS = {("Invoices", "written_off"), ("Invoices", "written_off_on"), ("Invoices", "recovered")}


def _columns() -> list[tuple[str, ColumnSpec]]:
    return [(name, column) for name, table in TABLES.items() for column in table.columns]


@pytest.mark.parametrize(
    ("name", "column"), _columns(), ids=lambda x: x.name if isinstance(x, ColumnSpec) else x
)
def test_cells_are_what_the_column_says(name: str, column: ColumnSpec) -> None:
    values = full()[name][column.name]
    if column.required and (name, column.name) != ("ActivityLog", "customer"):
        assert values.notna().all()
    given = values.dropna()
    if (name, column.name) in WRITE_OFFS:  # the demo company has written nothing off
        assert values.isna().all()
        return
    if (name == "Settings" and column.name == "value") or name == "Sources":
        return
    if column.kind in ("number", "share"):
        assert values.dtype == np.float64
        assert np.isfinite(given).all()
        assert given.min() >= (column.minimum if column.minimum is not None else -np.inf)
        assert given.max() <= (column.maximum if column.maximum is not None else np.inf)
    elif column.kind == "date":
        assert values.dtype == "datetime64[ns]"
        assert (given == given.dt.normalize()).all()
    elif column.kind == "flag":
        assert values.dtype == bool
    elif column.kind == "period":
        assert given.str.fullmatch(r"20\d\d-\d\d").all()
    else:
        assert given.map(lambda text: isinstance(text, str) and text == text.strip() != "").all()
    if column.choices:
        assert set(given) <= set(column.choices)


def test_settings_are_all_given_and_valid() -> None:
    settings = full()["Settings"].set_index("setting")["value"]
    assert [name for name in SETTINGS if name in settings.index] == settings.index.tolist()
    assert all(name in settings.index for name, setting in SETTINGS.items() if setting.default is not None)
    assert (settings["start"], settings["end"]) == (pd.Timestamp("2024-11-01"), pd.Timestamp("2026-10-31"))
    assert settings["as_of"] == settings["end"]
    assert settings["period"] == "month"


def test_money_is_in_whole_cents() -> None:
    money = {
        "Sales": ["gross_revenue", "discount", "returns", "cogs"],
        "Resources": ["cost"],
        "DirectCosts": ["amount"],
        "Invoices": ["amount"],
        "Balances": ["balance"],
        "ControlTotals": ["amount"],
    }
    for name, columns in money.items():
        for column in columns:
            cells = full()[name][column]
            assert (cells == cells.round(2)).all(), (name, column)
            assert (cells >= 0).all(), (name, column)


def test_dates_lie_in_the_span() -> None:
    tables = full()
    for name in ("Sales", "ActivityLog", "DirectCosts", "Balances"):
        assert tables[name]["date"].between("2024-11-01", "2026-10-31").all(), name
    invoices = tables["Invoices"]
    assert invoices["issued"].between("2024-11-01", "2026-10-31").all()
    assert (invoices["due"] > invoices["issued"]).all()
    paid = invoices.dropna(subset="paid")
    assert (paid["paid"] > paid["issued"]).all()
    assert paid["paid"].max() <= pd.Timestamp("2026-10-31")


# --- nothing refers to what is not there ----------------------------------------------------------


def refer_to_known_names(tables: dict[str, pd.DataFrame]) -> None:
    customers = set(tables["Customers"]["customer"])
    for name in ("Sales", "DirectCosts", "Invoices", "Balances"):
        assert set(tables[name]["customer"]) <= customers, name
    for column in ("referrer", "referred"):
        assert set(tables["Referrals"][column]) <= customers
    resources, activities = set(tables["Resources"]["resource"]), set(tables["Activities"]["activity"])
    assert set(tables["Allocations"]["from"]) | set(tables["Allocations"]["to"]) <= resources
    assert set(tables["Activities"]["resource"].dropna()) <= resources
    assert set(tables["Prospects"]["resource"].dropna()) <= resources
    assert set(tables["ProspectNeeds"]["activity"]) <= activities
    assert set(tables["ProspectNeeds"]["prospect"]) <= set(tables["Prospects"]["prospect"])
    log = tables["ActivityLog"]
    assert set(log["activity"]) <= activities
    assert set(log["customer"].dropna()) <= customers
    assert set(log.loc[log["customer"].isna(), "activity"]) == set(COMPANY_LEVEL)


def keys_are_unique(tables: dict[str, pd.DataFrame]) -> None:
    for name, table in TABLES.items():
        if table.key:
            keys = tables[name][list(table.key)].astype(str).apply(lambda c: c.str.casefold())
            assert not keys.duplicated().any(), name


def test_names_are_known() -> None:
    refer_to_known_names(full())


def test_keys_are_unique_and_no_row_is_there_twice() -> None:
    keys_are_unique(full())
    for name in ("Sales", "ActivityLog", "DirectCosts"):
        assert not full()[name].duplicated().any(), name


def test_customers_differ_by_more_than_case_and_blanks() -> None:
    names = pd.concat([full()["Customers"]["customer"], full()["Prospects"]["prospect"]])
    assert not names.str.casefold().str.replace(" ", "").duplicated().any()
    assert names.str.contains("[äö]").sum() > 100


def test_names_never_run_out() -> None:
    names = company_names("Hotels", 0, 84 * 40)
    assert len(set(names)) == len(names)


def test_commission_rules_name_what_exists() -> None:
    tables = full()
    rules = tables["Commissions"]
    assert rules["scope"].nunique() >= 5
    for scope, value in rules[["scope", "value"]].dropna().itertuples(index=False):
        source = tables["Sales"] if scope == "product" else tables["Customers"]
        assert value in set(source[scope]), (scope, value)


def test_shares_of_a_support_resource_add_up_to_one_and_two_are_reciprocal() -> None:
    allocations = full()["Allocations"]
    assert allocations.groupby("from")["share"].sum().to_numpy() == pytest.approx([1.0, 1.0, 1.0], abs=1e-12)
    pairs = set(zip(allocations["from"], allocations["to"], strict=True))
    assert {("IT", "Premises"), ("Premises", "IT")} <= pairs


def test_every_group_and_level_of_cost_is_there() -> None:
    activities = full()["Activities"]
    groups = {"acquire", "order", "deliver", "service", "complaint", "loyalty", "demand", "collect"}
    assert groups <= set(activities["group"])
    assert {"channel", "corporate"} <= set(activities["level"])
    assert activities["unit_cost"].notna().sum() >= 2
    assert set(activities["driver"].dropna()) == set(company.DRIVERS)
    assert activities.loc[activities["resource"].isna(), "unit_cost"].notna().all()


def test_referrals_have_no_cycle() -> None:
    brought: dict[str, set[str]] = {}
    for referrer, referred in full()["Referrals"][["referrer", "referred"]].itertuples(index=False):
        brought.setdefault(referrer, set()).add(referred)

    def walk(name: str, path: tuple[str, ...]) -> None:
        assert name not in path
        for referred in brought.get(name, ()):
            walk(referred, (*path, name))

    for referrer in brought:
        walk(referrer, ())


def test_shares_of_a_referral_add_up_to_one() -> None:
    sums = full()["Referrals"].groupby("referred")["share"].sum()
    assert sums.to_numpy() == pytest.approx(np.ones(len(sums)))
    assert (full()["Referrals"]["share"] < 1).any()


def test_some_prospects_have_unknowns_and_each_figure_is_unknown_somewhere() -> None:
    prospects = full()["Prospects"]
    assert 4 <= prospects.isna()[["pursuit_cost"]].to_numpy().sum() <= 10
    figures = ["high_care_probability", "payment_days", "loss_probability"]
    assert (prospects[figures].isna().sum() >= 1).all()


# --- it ties out ----------------------------------------------------------------------------------


def test_control_totals_tie_to_the_cent() -> None:
    tables = full()
    sales, resources = tables["Sales"], tables["Resources"]
    column = {"gross_revenue": "gross_revenue", "discounts": "discount", "returns": "returns", "cogs": "cogs"}
    for line, amount, period in tables["ControlTotals"].itertuples(index=False):
        if line in column:
            rows = (
                sales if not isinstance(period, str) else sales[sales["date"].dt.strftime("%Y-%m") == period]
            )
            cells = rows[column[line]]
        else:
            cells = resources.loc[resources["resource"] == line, "cost"]
        assert round(amount * 100) == sum(round(c * 100) for c in cells.tolist()), (line, period)
    assert set(tables["ControlTotals"]["line"]) == set(column) | set(resources["resource"])


def test_invoices_bill_what_was_sold() -> None:
    tables = full()
    sales, invoices = tables["Sales"], tables["Invoices"]
    net = net_revenue(sales).groupby(sales["invoice"]).sum()
    billed = invoices.set_index("invoice")["amount"]
    assert set(net.index) == set(billed.index)
    assert billed.to_numpy() == pytest.approx(net.reindex(billed.index).to_numpy(), abs=0.005)
    elsewhere = set(sales.loc[sales["invoice"].isna(), "customer"])
    assert elsewhere == set(tables["Balances"]["customer"])
    assert elsewhere.isdisjoint(invoices["customer"])


def test_the_model_finds_no_error_and_ties_out() -> None:
    results = analyze(full())
    assert [str(f) for f in results.findings if f.severity in ("stop", "error")] == []
    assert results.tie_out["ties"].all()
    assert len(results.tie_out) == len(full()["ControlTotals"])
    spent = -results.ledger.loc[results.ledger["line"].isin(full()["Activities"]["activity"]), "amount"].sum()
    assert spent == pytest.approx(activity_cost(full()).sum(), rel=1e-9)
    assert results.company["total"]["company_profit"] > 0
    assert results.company["total"]["unassigned_cost"] == pytest.approx(0.0, abs=1e-6)


# --- it is a believable company -------------------------------------------------------------------


def test_resources_are_used_at_85_percent_over_all() -> None:
    capacity = allocated(full())
    used = effort.units_used(full()["ActivityLog"])
    keys = pd.MultiIndex.from_product([used.index, [str(m) for m in company.MONTHS]])
    units = pd.Series(used.to_numpy().ravel(), index=keys).reindex(capacity.index)
    rate = capacity["cost"] / capacity["supplied"]
    assert (units * rate).sum() / capacity["cost"].sum() == pytest.approx(0.85, abs=0.02)

    share = (units.groupby("resource").sum() / capacity["supplied"].groupby("resource").sum()).round(2)
    assert share.idxmin() == "Night team"
    assert share["Night team"] < 0.5
    assert share.drop("Night team").between(0.65, 0.97).all()
    short = (units > capacity["supplied"]).groupby("resource").sum()
    assert short.idxmax() == "Warehouse"
    assert 3 <= short["Warehouse"] <= 10
    assert short.drop("Warehouse").max() <= 3


def test_sales_and_margins_are_those_of_a_wholesaler() -> None:
    sales = full()["Sales"]
    net = net_revenue(sales).sum()
    assert 18e6 < net / 2 < 30e6
    assert 0.30 < (net - sales["cogs"].sum()) / net < 0.36


def test_most_customers_are_profitable_and_the_others_eat_a_good_part() -> None:
    profit = operating_profit().sum(axis=1)
    direct = full()["DirectCosts"].groupby("customer")["amount"].sum().reindex(profit.index).fillna(0.0)
    profit = profit - direct
    assert 0.60 < (profit > 0).mean() < 0.75
    assert 1.2 < profit.clip(lower=0).sum() / profit.sum() < 1.8


def test_invoices_are_paid_late_and_some_are_open_or_disputed() -> None:
    invoices = full()["Invoices"]
    late = (invoices["paid"] - invoices["due"]).dt.days.dropna()
    assert 0 < late.median() < 15
    assert (late > 30).mean() > 0.01
    assert (late <= 0).mean() > 0.1
    assert 0.005 < invoices["disputed"].mean() < 0.05
    assert 0.02 < invoices["paid"].isna().mean() < 0.12


# --- the stories ----------------------------------------------------------------------------------


def test_the_customers_of_the_stories_are_there_each_once() -> None:
    names = [name for customers in STORY.values() for name in customers]
    assert len(set(names)) == len(names)
    assert set(names) <= set(full()["Customers"]["customer"])
    assert all(story.what.endswith(".") for story in demo.STORIES)


def test_the_care_of_a_story_is_for_activities_that_exist() -> None:
    activities = set(full()["Activities"]["activity"])
    assert all(set(part.recipe.care) <= activities for part in cast(400))


def test_a_small_company_has_the_first_customer_of_the_first_stories() -> None:
    names = set(demo.tables(**SMALL)["Customers"]["customer"])
    assert all(customers[0] in names for customers in STORY.values())


@pytest.mark.parametrize("seed", [demo.SEED, 1, 2])
def test_volume_and_attention_go_as_the_stories_say(seed: int) -> None:
    tables = full(seed)
    names = STORY["sliders"] + STORY["early_warning"] + STORY["recovering"]
    revenue = by_month(tables["Sales"]["gross_revenue"], tables["Sales"], names)
    log = tables["ActivityLog"]
    calls = log[log["activity"].isin(["Phone support", "Sales visit"])]
    attention = by_month(calls["quantity"], calls, names)
    for grown, fallen, customers in (
        (attention, revenue, STORY["sliders"] + STORY["early_warning"]),
        (revenue, attention, STORY["recovering"]),
    ):
        assert (over(grown, customers, 16, 24) > 1.3 * over(grown, customers, 0, 8)).all()
        assert (over(fallen, customers, 16, 24) < 0.85 * over(fallen, customers, 0, 8)).all()


def test_sliders_go_from_profit_to_loss_and_the_recovering_back() -> None:
    profit = operating_profit()
    everybody = profit.index.tolist()
    first, last = over(profit, everybody, 0, 6), over(profit, everybody, 18, 24)
    assert (first[STORY["sliders"]] > 0).all()
    assert (last[STORY["sliders"]] < 0).all()
    assert (first[STORY["recovering"]] < 0).all()
    assert (last[STORY["recovering"]] > 0).all()
    assert (last[STORY["early_warning"]] > 0).all()
    assert (last[STORY["early_warning"]] < first[STORY["early_warning"]]).all()


def test_one_of_the_largest_customers_loses_money() -> None:
    sales = full()["Sales"]
    (name,) = STORY["big_loser"]
    revenue = sales.groupby("customer")["gross_revenue"].sum()
    assert name in set(revenue.nlargest(5).index)
    assert operating_profit().sum(axis=1)[name] < -50_000
    discounts = sales.groupby("customer")["discount"].sum() / revenue
    assert discounts[name] > 2 * discounts.median()


def test_non_payers_owe_for_long_and_it_turns_at_least_two_of_them_into_losses() -> None:
    tables = full()
    invoices, matrix = tables["Invoices"], tables["LossRates"]
    unpaid = invoices[invoices["paid"].isna()]
    days = (pd.Timestamp("2026-10-31") - unpaid["due"]).dt.days.clip(lower=0)
    bucket = np.searchsorted(matrix["days_past_due"], days, side="right") - 1
    loss = (unpaid["amount"] * matrix["rate"].to_numpy()[bucket]).groupby(unpaid["customer"]).sum()
    operating = operating_profit().sum(axis=1)[STORY["non_payers"]]
    assert (operating > 10_000).all()
    assert (operating - loss.reindex(STORY["non_payers"]) < -5_000).sum() >= 2
    long_overdue = unpaid[days > 90].groupby("customer")["amount"].sum()
    assert set(long_overdue.nlargest(4).index) == set(STORY["non_payers"])


def test_the_referrer_is_small_and_brought_good_customers() -> None:
    profit = operating_profit().sum(axis=1)
    (name,) = STORY["referrer"]
    referrals = full()["Referrals"]
    assert set(referrals.loc[referrals["referrer"] == name, "referred"]) == set(STORY["referred"])
    assert -8_000 < profit[name] < 0
    assert (profit[STORY["referred"]] > 50_000).all()
    assert set(STORY["referred"]) & set(referrals["referrer"]), "a chain"


def test_special_demands_and_the_phone_stand_out() -> None:
    tables = full()
    log = tables["ActivityLog"].assign(cost=activity_cost(tables))
    group = log["activity"].map(
        tables["Activities"].drop_duplicates("activity").set_index("activity")["group"]
    )
    demand = log[group == "demand"].groupby("customer")["cost"].sum()
    assert set(STORY["demanding"] + STORY["big_loser"]) <= set(demand.nlargest(8).index)
    night = log[log["activity"] == "Night line call"].groupby("customer")["quantity"].sum()
    assert set(STORY["phone_heavy"]) == set(night.nlargest(4).index)
    web = log.loc[log["activity"].isin(["Web self-service", "Web order"]), "customer"]
    assert set(STORY["phone_heavy"]).isdisjoint(web)
    assert (operating_profit().sum(axis=1)[STORY["phone_heavy"]] < 0).all()


@pytest.mark.parametrize("seed", [demo.SEED, 1, 2])
def test_new_and_dormant_customers(seed: int) -> None:
    sales = full(seed)["Sales"].groupby("customer")["date"]
    assert (sales.min()[STORY["new"]] >= "2026-07-01").all()
    assert (sales.max()[STORY["dormant"]] < "2026-05-01").all()
    since = full(seed)["Customers"].set_index("customer")["since"]
    assert (since[STORY["new"]] >= "2026-07-01").all()
    assert (since[STORY["dormant"]] < "2024-11-01").all()
