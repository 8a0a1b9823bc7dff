"""The frozen results of one run, and the whole flow on one page: tables in, ledger, sums of it out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit import findings as found
from xlprofit import ledger as books
from xlprofit.analysis import (
    assortment,
    attention,
    attributes,
    avoidable,
    breakdown,
    credit,
    decisions,
    past_prospects,
    peers,
    prospects,
    rate_check,
    referrals,
    roll_up,
    segments,
    service_return,
    tie_out,
    trends,
    whale,
    word_of_mouth,
)
from xlprofit.arguments import require_kind
from xlprofit.comparison import goal, scenarios, versions
from xlprofit.comparison.posted import Kept
from xlprofit.errors import UnknownNameError, build_attribute_error
from xlprofit.folding import fold_customer
from xlprofit.headings import header_keys, resolve_attribute
from xlprofit.ledger import allowance, capacity, effort
from xlprofit.ledger import rate_card as cards
from xlprofit.ledger.costs.rule import Basis
from xlprofit.ledger.explanation import choose_line, explain_customer
from xlprofit.ledger.rules import RULES
from xlprofit.messages import _
from xlprofit.outlook import forecast, past
from xlprofit.rules import foretelling, outcome
from xlprofit.tables import header_key
from xlprofit.vocabulary.measures import MEASURES, Measure
from xlprofit.vocabulary.states import State

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xlprofit.analysis.decisions import Advice, JointEffect
    from xlprofit.analysis.trends import Trends
    from xlprofit.comparison.scenarios import Applied
    from xlprofit.outlook.forecast import Outlook
    from xlprofit.outlook.survival import RetentionSource
    from xlprofit.rules.changes import Change
    from xlprofit.tables import Inputs

EXPLAINED = (
    *("line", "group", "product", "period", "date", "sheet", "row", "driver", "driver_units"),
    *("resource", "units", "rate", "amount", "priced_by"),
)
"""The columns of an explanation as it is published."""


@dataclass(frozen=True)
class Results:
    """What one run found out. Money is in the currency of Settings, revenue positive and cost negative.

    Attributes:
        basis: the input tables and what the cost rules priced them by.
        ledger: every amount, a row each (see :mod:`xlprofit.ledger`); its sum is the company's profit.
        found_before: what the checks of the tables found, before anything was computed.
        members: the run by customer, where this one is by group of companies.
    """

    basis: Basis
    ledger: pd.DataFrame
    found_before: tuple[found.Finding, ...]
    members: Results | None = None

    @property
    def inputs(self) -> Inputs:
        """The input tables, typed and clean."""
        return self.basis.inputs

    @property
    def resources(self) -> capacity.Capacity:
        """What each resource costs, supplies, was used for and is charged at."""
        return self.basis.resources

    @property
    def equations(self) -> pd.DataFrame:
        """The terms of the time equations."""
        return self.basis.equations

    @cached_property
    def findings(self) -> found.Findings:
        """What is wrong with the inputs or worth a look, what the figures show included, in a fixed order."""
        shown = outcome.check_outcome(self.inputs, self.capacity_by_period, self.tie_out)
        given = self.resources.supply
        rounds = pd.Series(given.rounds, index=given.resources)
        shown += outcome.check_allocation(self.inputs, rounds, given.is_allocated)
        if not self.inputs.assumed:  # what was paid says nothing of a plan or a scenario
            shown += outcome.check_stated_rates(self.inputs, self.rate_check)
        shown += scenarios.check_scenarios(self.inputs, self._applied)
        shown += foretelling.check_forecast(self.inputs, self._foretold, len(self.names))
        own = getattr(self.found_before, "own", {})
        findings = [*self.found_before, *shown]
        return found.sort_findings(findings, self.inputs.sheets, self.inputs.settings.language, own)

    @property
    def periods(self) -> pd.Index[str]:
        """The labels of the periods, in order."""
        return self.basis.periods

    @cached_property
    def names(self) -> pd.Index[str]:
        """The customers of the run, sorted: those of Customers, and those that any cost rule posts to."""
        tables = [self.inputs[name] for name in sorted({"Customers", *(rule.table for rule in RULES)})]
        present: set[str] = set()
        for column in (table["customer"].cat for table in tables if "customer" in table):
            codes = column.codes.to_numpy()
            present.update(column.categories[np.flatnonzero(np.bincount(codes[codes >= 0]))])
        names: pd.Index[str] = pd.Index(sorted(present - {""}), dtype=object, name="customer")
        return names

    @cached_property
    def customer_ledger(self) -> pd.DataFrame:
        """The ledger with no product told apart from another: what every figure but those of products is a sum of."""
        return books.merge_products(self.ledger)

    @cached_property
    def customers(self) -> pd.DataFrame:
        """The P&L of each customer over the whole span, one row each, sorted by name.

        Columns, all money but the last: ``gross_revenue``, ``discounts``, ``returns``, ``net_revenue``, ``cogs``,
        ``gross_margin``, ``cost_to_acquire``, ``cost_to_serve``, ``operating_profit``, ``cost_of_credit``,
        ``profit``; ``margin`` = profit / net revenue, a fraction, blank where net revenue is not above 0.
        """
        return books.sum_pnl(self.customer_ledger, self.names)

    def pnl(self, period: bool = False) -> pd.DataFrame:
        """Return the P&L by customer, or by customer and period; columns as :attr:`customers`."""
        return self._pnl_by_period if period else self.customers

    @cached_property
    def _pnl_by_period(self) -> pd.DataFrame:
        """The P&L of each customer in each period, which trends, the outlook and several sheets begin with."""
        return books.sum_pnl(self.customer_ledger, self.names, self.periods)

    @cached_property
    def company(self) -> pd.DataFrame:
        """The whole company: the sum of its customers, what has no customer, and what stands below.

        A row a line: those of a customer's P&L, then ``channel_cost``, ``corporate_cost``, ``idle_capacity``,
        ``unassigned_cost`` and ``company_profit``. Columns ``customers``, ``no_customer`` and ``total``, in money.
        """
        nobody = (self.customer_ledger["customer"] == "").to_numpy()
        ledger = self.customer_ledger[["line", "group", "level", "amount"]]
        frame = pd.DataFrame(
            {
                "customers": books.sum_company(ledger[~nobody]),
                "no_customer": books.sum_company(ledger[nobody]),
            }
        )
        return frame.assign(total=frame["customers"] + frame["no_customer"])

    def fully_loaded(self) -> pd.DataFrame:
        """Return what each customer would bear if everything below were spread by net revenue.

        Columns ``profit``, ``unspread`` (its share of channel, corporate, idle and unassigned cost) and
        ``fully_loaded_profit``. For information: such a share says nothing about what a customer causes,
        and no decision rests on it. With no net revenue above 0 nothing is spread.
        """
        company = self.company["total"]
        below = float(company[Measure.COMPANY_PROFIT] - company[Measure.PROFIT])
        weight = self.customers[Measure.NET_REVENUE].clip(lower=0)
        share = weight / weight.sum() if weight.sum() > 0 else weight * 0.0
        frame = pd.DataFrame({"profit": self.customers[Measure.PROFIT], "unspread": share * below})
        return frame.assign(fully_loaded_profit=frame["profit"] + frame["unspread"])

    @cached_property
    def cost_to_serve(self) -> pd.DataFrame:
        """The cost to serve, customers × activities, in money (negative); direct costs as ``direct: group``.

        Its rows add up to the ``cost_to_serve`` of :attr:`customers`.
        """
        return self._pivot_lines(Measure.COST_TO_SERVE)

    @cached_property
    def cost_to_acquire(self) -> pd.DataFrame:
        """The cost to acquire, customers × what it was spent on, in money (negative).

        Its rows add up to the ``cost_to_acquire`` of :attr:`customers`.
        """
        return self._pivot_lines(Measure.COST_TO_ACQUIRE)

    def _pivot_lines(self, section: Measure) -> pd.DataFrame:
        """Return a section of the P&L by customer and line of the ledger."""
        within = (books.find_sections(self.customer_ledger) == section).to_numpy()
        lines = self.customer_ledger[within & (self.customer_ledger["customer"] != "").to_numpy()]
        table = books.pivot_amounts(
            lines.assign(line=lines["line"].cat.remove_unused_categories()), "customer", "line"
        )
        table.columns.name = "activity"
        return table.reindex(self.names, fill_value=0.0)

    @cached_property
    def capacity(self) -> pd.DataFrame:
        """Each resource over the whole span; columns as :func:`xlprofit.ledger.capacity.tabulate_periods` says."""
        return capacity.tabulate_resources(self.capacity_by_period)

    @cached_property
    def capacity_by_period(self) -> pd.DataFrame:
        """Each resource in each period; an empty period for one that is priced over the whole span."""
        return capacity.tabulate_periods(self.resources)

    @cached_property
    def rate_card(self) -> pd.DataFrame:
        """How the rate of each resource and period comes about, the costliest resource first.

        Columns as :func:`xlprofit.ledger.rate_card.tabulate_rate_card` says.
        """
        card = cards.tabulate_rate_card(self.inputs, self.resources)
        order = self.capacity["cost"].sort_values(ascending=False, kind="stable").index
        return card.loc[[resource for resource in order if resource in card.index]]

    @cached_property
    def allocations(self) -> pd.DataFrame:
        """What each row of Allocations moved.

        Columns as :func:`xlprofit.ledger.rate_card.tabulate_allocations` says.
        """
        return cards.tabulate_allocations(self.inputs, self.resources)

    @cached_property
    def whale(self) -> pd.DataFrame:
        """The whale curve: ``rank``, ``profit``, ``cumulative``, ``cumulative_share`` by customer, best first."""
        return whale.draw_curve(self.customers[Measure.PROFIT])

    # --- by product, by any attribute, by group of companies ---------------------------------------

    @cached_property
    def products(self) -> pd.DataFrame:
        """The P&L of each product, the most profitable first; the last row, ``""``, is what no product is traced to.

        Columns as :func:`xlprofit.analysis.assortment.tabulate_products` says; they add up to those of the customers.
        """
        return assortment.tabulate_products(self.ledger, self.names)

    @property
    def attributes(self) -> list[str]:
        """What customers can be grouped by: the columns of Customers that say something, the user's own too."""
        return attributes.list_attributes(self.inputs)

    def by(self, attribute: str) -> pd.DataFrame:
        """Return the P&L of the customers alike in an attribute, a row each, the greatest net revenue first.

        Where Customers says from or until when its rows hold, an amount counts where its customer was on its day;
        else where its customer is last. Columns as :func:`xlprofit.analysis.segments.tabulate_segments` says; they
        add up to those of all customers. What Customers says nothing of is in the row ``""``.

        Args:
            attribute: ``segment``, ``channel``, ``owner``, ``country``, ``parent`` (the group at the top of a
                customer's parents) or a column of the user's own, in any case and language; ``product`` for
                :attr:`products`, ``customer`` for each customer by itself.

        Raises:
            UnknownNameError: Customers has no such column.
        """
        require_kind(attribute, str, "attribute", _("the name of a column of {Customers}"))
        name = resolve_attribute(attribute, self.inputs.attributes)
        if name is None and header_key(attribute) in header_keys("Sales", "product"):
            return self.products
        if name is not None:
            values = attributes.assign_values(self.inputs, self.customer_ledger, name, self.names)
        elif header_key(attribute) in header_keys("Customers", "customer"):
            values = self.customer_ledger["customer"].cat.remove_categories([""]).rename("customer")
        else:
            raise build_attribute_error(attribute, self.attributes)
        return segments.tabulate_segments(self.basis, self.customer_ledger, values)

    @cached_property
    def groups(self) -> Results:
        """The same run by group of companies: each customer counts as the one at the top of its parents.

        It has a P&L, trends and decisions as any run has, by group in place of customer.
        """
        inputs, ledger = roll_up.roll_up_inputs(self.inputs, self.names), self.ledger
        if inputs is self.inputs:
            return self
        basis = Basis(inputs, self.equations, effort.sum_log(inputs), self.resources)
        rolled = roll_up.roll_up_ledger(ledger, roll_up.map_tops(self.inputs, self.names))
        return Results(basis, rolled, self.found_before, self)

    # --- the six questions -------------------------------------------------------------------------

    @property
    def trends(self) -> pd.DataFrame:
        """Where each customer is going: state, slopes, turning period, early warning, periods left as an interval.

        Columns as :func:`xlprofit.analysis.trends.read_trends` says; slopes are money a period.
        """
        return self._trends.table

    @cached_property
    def _trends(self) -> Trends:
        spent = attention.find_attention(self.customer_ledger, self.names, self.periods)
        return trends.read_trends(self.pnl(period=True), spent, self.inputs.settings, self._segments)

    @cached_property
    def _segments(self) -> npt.NDArray[np.object_]:
        """The segment of each customer, empty where none is given."""
        given = self.inputs["Customers"].drop_duplicates("customer").set_index("customer")["segment"]
        return given.astype(object).reindex(self.names).fillna("").to_numpy(dtype=object)

    @cached_property
    def credit(self) -> pd.DataFrame:
        """Credit by customer: cost and lateness; columns as :func:`xlprofit.analysis.credit.tabulate_credit`."""
        return credit.tabulate_credit(self.inputs, self.customer_ledger, self.names, self.allowance)

    @cached_property
    def credit_by_period(self) -> pd.DataFrame:
        """Credit by customer and period: financing, expected_loss and how the allowance moved.

        Columns as :func:`xlprofit.analysis.credit.tabulate_credit_periods` says: ``opening``, ``charge``,
        ``written_off``, ``recovered`` and ``closing`` among them.
        """
        return credit.tabulate_credit_periods(self.credit, self.ledger, self.periods, self.allowance)

    @cached_property
    def allowance(self) -> pd.DataFrame:
        """The allowance for expected loss by customer and period: opening, charge, written_off, recovered, closing.

        Money, an allowance and a charge positive; rows as :func:`xlprofit.ledger.allowance.tabulate_allowance` says.
        """
        return allowance.tabulate_allowance(self.inputs, self.names)

    @cached_property
    def _judged(self) -> pd.DataFrame:
        """Every use of the cost to serve, judged."""
        supply = self.resources.supply
        return service_return.judge_uses(
            self.inputs, self.customer_ledger, self.customers, self.equations, supply
        )

    @cached_property
    def service(self) -> pd.DataFrame:
        """What each activity returns for what it costs, a row an activity and resource.

        Columns as :func:`xlprofit.analysis.service_return.tabulate_service` says.
        """
        return service_return.tabulate_service(self._judged)

    @cached_property
    def service_users(self) -> pd.DataFrame:
        """The customers whose return does not justify an activity, a row a customer and activity.

        Columns as :func:`xlprofit.analysis.service_return.list_users` says.
        """
        return service_return.list_users(self._judged)

    @cached_property
    def benchmark(self) -> prospects.Benchmark:
        """What the run knows of its customers that helps to judge a prospect."""
        rates = self.capacity["rate"]
        known = prospects.build_benchmark(
            self.inputs,
            self.customer_ledger,
            self.customers,
            rates,
            self.equations,
            self.outlook["retention"],
        )
        return replace(known, first_year=self._outlook.find_first_year())

    @property
    def has_open_prospects(self) -> bool:
        """Whether there is a prospect to screen: one that is neither won nor lost yet."""
        return not past_prospects.is_closed(self.inputs["Prospects"]).all()

    @cached_property
    def prospects(self) -> pd.DataFrame:
        """What each prospect is worth; columns as :func:`xlprofit.analysis.prospects.screen_prospects` says."""
        table = self.inputs["Prospects"]
        open_ones = table[~past_prospects.is_closed(table)]
        return prospects.screen_prospects(
            open_ones, self.inputs["ProspectNeeds"], self.benchmark, self.win_record
        )

    @cached_property
    def win_record(self) -> past_prospects.WinRecord:
        """What the prospects that were won or lost say of the chances of those that are open."""
        return past_prospects.learn_chances(self.inputs["Prospects"])

    @cached_property
    def past_prospects(self) -> pd.DataFrame:
        """How the verdicts would have done on the prospects that were won or lost, a row a segment and verdict.

        Columns as :func:`xlprofit.analysis.past_prospects.tabulate_outcomes` says.
        """
        table = self.inputs["Prospects"]
        closed = table[past_prospects.is_closed(table)]
        screened = prospects.screen_prospects(
            closed, self.inputs["ProspectNeeds"], self.benchmark, self.win_record
        )
        return past_prospects.tabulate_outcomes(screened, closed, self.outlook["run_rate"])

    @cached_property
    def _acquisition_cost_saved(self) -> float:
        return referrals.find_acquisition_cost_saved(self.inputs, self.customer_ledger)

    @cached_property
    def referrals(self) -> pd.DataFrame:
        """What each customer brings by word of mouth, a memo that is part of no total.

        Columns as :func:`xlprofit.analysis.referrals.value_referrals` says, with those that are only counted as
        :func:`xlprofit.analysis.word_of_mouth.add_unnamed`, and what is to come as
        :func:`xlprofit.analysis.word_of_mouth.expect_referrals` says.
        """
        named = referrals.value_referrals(self.inputs, self.customers, self.referral_network)
        brought = word_of_mouth.add_unnamed(self.inputs, named, self.referral_network, self.customers)
        outlook = self.outlook.assign(stays=self._outlook.stays)
        ahead = word_of_mouth.expect_referrals(
            self.inputs, brought, self.referral_network, outlook, self._acquisition_cost_saved
        )
        return brought.join(ahead)

    @cached_property
    def referral_network(self) -> pd.DataFrame:
        """Who brought whom, a row a referral; columns as :func:`xlprofit.analysis.referrals.list_network` says."""
        return referrals.list_network(self.inputs, self.customers, self._acquisition_cost_saved)

    @cached_property
    def _advice(self) -> Advice:
        trends = self.trends
        slips = (trends["state"] == State.SLIPPING) | trends["early_warning"]
        worth = self.referrals["lost_a_year"] * avoidable.count_years(self.inputs.settings)
        known = pd.DataFrame(
            {
                "referral_value": worth,
                "way": self._trends.way,
                "slips": slips,
                "chance_active": self.outlook["chance_active"],
                "retention": self.outlook["retention"],
                "stays": self._outlook.stays,
                "leaves": self._outlook.find_leaving(),
                "expected_profit": self._outlook.find_foretold(),
            },
            index=self.names,
        )
        return decisions.decide(
            self.inputs, self.customer_ledger, self.customers, self.equations, self.resources, known
        )

    @cached_property
    def _outlook(self) -> Outlook:
        supply = self.resources.supply
        done = avoidable.list_efforts(self.inputs, self.ledger, self.names, self.equations, supply)
        known = past.gather_past(self.inputs, self.ledger, self.names, done)
        return forecast.build_outlook(self.inputs, known, self.names, self.pnl(period=True), self._trends)

    @property
    def _foretold(self) -> foretelling.Foretold:
        record = self._outlook.record
        length = {"month": 1, "quarter": 3, "year": 12}[self.inputs.settings.period]
        held = int(record.table["periods"].max()) if len(record.table) else 0
        return foretelling.Foretold(
            record.known * length,
            held * length,
            record.unscored == "too short",
            record.unscored == "too few",
            record.average_best,
        )

    @property
    def outlook(self) -> pd.DataFrame:
        """What to expect of each customer in the next twelve months, with an interval, and over its lifetime.

        Columns as :class:`xlprofit.outlook.forecast.Outlook` says.
        """
        return self._outlook.table

    @property
    def company_outlook(self) -> dict[str, float]:
        """What to expect of all customers together in the next twelve months: ``expected``, ``low``, ``high``."""
        return self._outlook.total

    @property
    def retention_source(self) -> RetentionSource:
        """Where the chance to stay another year comes from."""
        return self._outlook.source

    @property
    def track_record(self) -> pd.DataFrame:
        """How each way of forecasting did on the last of the workbook's own months, a row a method.

        Columns as :class:`xlprofit.outlook.track_record.TrackRecord` says; empty where the history is too short.
        """
        return self._outlook.record.table

    @property
    def cohorts(self) -> pd.DataFrame:
        """What the customers that began in the same quarter or year cost to win, and have brought since.

        Columns as :class:`xlprofit.outlook.lifetime.Lifetime` says.
        """
        return self._outlook.lifetime.cohorts

    @property
    def cohort_curves(self) -> pd.DataFrame:
        """What each cohort has brought so far less its acquisition, by months since its customers began."""
        return self._outlook.lifetime.curves

    @property
    def decisions(self) -> pd.DataFrame:
        """Keep, fix, collect, investigate or end: what to do about each customer, and why.

        Columns as :func:`xlprofit.analysis.decisions.decide` says.
        """
        return self._advice.decisions

    @property
    def joint_effect(self) -> JointEffect:
        """What ending all customers that are advised to end would do at once, a year."""
        return self._advice.joint_effect

    # --- why profit changed, and what if -----------------------------------------------------------

    @cached_property
    def plans(self) -> Mapping[str, Results]:
        """The results of each plan by its name: rows of a ``version`` in the place of the actual ones."""
        return versions.compute_plans(self, compute_results)

    @cached_property
    def scenarios(self) -> Mapping[str, Results]:
        """The results of each scenario of the table Scenarios by its name, computed anew from changed inputs."""
        kept = self.keep_steps()
        return {
            name: compute_results(applied.inputs, kept=kept)
            for name, applied in self._applied.items()
            if applied.is_changed
        }

    @cached_property
    def _applied(self) -> Mapping[str, Applied]:
        """The inputs with the changes of each scenario of the table Scenarios made, by its name."""
        return scenarios.apply_scenarios(self.inputs)

    def keep_steps(self) -> Kept:
        """Return what other runs share that leave the tables behind it as they are."""
        return Kept(
            self.inputs,
            {
                effort.list_terms: self.equations,
                effort.sum_log: self.basis.log,
                capacity.list_supply: self.resources.supply,
            },
        )

    @cached_property
    def change(self) -> versions.ChosenComparison | None:
        """What the setting ``compare`` asks for, and what changed; ``None`` where it asks for nothing."""
        return versions.choose_change(self)

    # --- what the figures are held against ---------------------------------------------------------

    @cached_property
    def tie_out(self) -> pd.DataFrame:
        """The ledger against ControlTotals: ``line``, ``period``, ``control``, ``ledger``, ``difference``, ``ties``."""
        return tie_out.compare_totals(self.inputs, self.customer_ledger, self.capacity_by_period)

    @cached_property
    def left_out(self) -> pd.DataFrame:
        """The rows that errors in them left out of the figures, a row a table that has any.

        Columns ``rows`` and ``share``: of the money of the table (net revenue in Sales), about, a row that cannot be
        read taken for an average one; of its rows, where it has none.
        """
        found = self.inputs.left_out
        return pd.DataFrame(
            {"rows": [found[t].rows for t in found], "share": [found[t].share for t in found]},
            index=pd.Index(list(found), name="table", dtype=object),
        ).astype({"rows": "int64", "share": "float64"})

    @cached_property
    def checks(self) -> pd.DataFrame:
        """The findings, a row each: ``code``, ``severity``, ``sheet``, ``cell``, ``what``, ``why``, ``fix``.

        A last column ``count`` is the number of cells that a finding stands for.
        """
        return found.build_findings_frame(self.findings)

    @property
    def rates(self) -> pd.DataFrame:
        """The capacity cost rate, resources × periods: money a unit, positive; blank where there is none."""
        return self.basis.rates

    @cached_property
    def rate_check(self) -> pd.DataFrame:
        """What the minutes paid say of the stated rates of the activities: an interval for each, where they tell.

        Columns as :func:`xlprofit.analysis.rate_check.check_rates` says.
        """
        return rate_check.check_rates(self.basis)

    def explain(
        self, customer: str, line: str | None = None, *, level: breakdown.Level = "rows"
    ) -> pd.DataFrame:
        """Return what a customer's figure is the sum of: its lines, what they are made of, or the source rows.

        Args:
            customer: the customer, whatever its case and outer blanks; ``""`` for what has no customer.
            line: a measure (``cost_to_serve``), a group (``service``) or a line of the ledger (an activity,
                ``financing``, …); all of them where it is not given.
            level: ``lines``: the lines by size, each with its share; ``drivers``: what each line is made of, *driver
                units × units each × rate*, beside what the median peer uses; ``rows``: *amount = units × rate* of every
                source row. The amounts of each level add up to the same figure.

        Returns:
            Of ``lines`` the columns :data:`xlprofit.analysis.breakdown.LINES`, of ``drivers``
            :data:`xlprofit.analysis.breakdown.DRIVERS`. Of ``rows`` a row for each source row and rate: ``line``,
            ``group``, ``product``, ``period``, ``date``, ``sheet``, ``row``, ``driver``, ``driver_units``,
            ``resource``, ``units``, ``rate`` (money a unit, signed), ``amount`` and ``priced_by`` (the row that gave
            the rate, such as ``Activities!5``).

        Raises:
            ArgumentError: one of them is no text.
            UnknownNameError: there is no such customer, no such line in the run, or no such level.
        """
        require_kind(customer, str, "customer", _("the name of a customer"))
        require_kind(
            line,
            (str, type(None)),
            "line",
            _("the name of a line, such as {example}", example="cost_to_serve"),
        )
        if level not in breakdown.LEVELS:
            raise UnknownNameError(level, breakdown.LEVELS, "level")
        name = self.resolve_customer(customer) if customer.strip() else ""
        if level == "lines":
            own = self.customer_ledger[(self.customer_ledger["customer"] == name).to_numpy()]
            return breakdown.tabulate_lines(self._choose_line(own, line), self.find_revenue(name))
        rows = self._choose_line(self.publish_rows(self._explain_name(name)), line).reset_index(drop=True)
        return rows if level == "rows" else self.tabulate_drivers(name, rows)

    def tabulate_drivers(self, name: str, rows: pd.DataFrame, period: str = "") -> pd.DataFrame:
        """Return what the lines of some of a customer's source rows are made of, beside the median peer.

        Args:
            name: the customer, as it is spelt in the run; ``""`` for what has no customer.
            rows: the rows, as :meth:`explain` has them.
            period: the label of the only period that they are of; empty: the whole span.
        """
        return breakdown.tabulate_drivers(rows, self._find_usual(name), self.find_revenue(name, period))

    def find_revenue(self, name: str, period: str = "") -> float:
        """Return a customer's net revenue of the whole span, or of a period; 0 of what has no customer."""
        frame = self.customers if not period else self.pnl(period=True).xs(period, level="period")
        return float(frame["net_revenue"].loc[name]) if name else 0.0

    def _find_usual(self, name: str) -> pd.Series:
        """Return what the median peer uses of each driver for a unit of net revenue, by the place of the term."""
        of = str(self.peers.loc[name]) if name else ""
        usual = breakdown.find_usual_drivers(self.basis, self.customers, self.peers, of)
        sheet = self.inputs.sheets.get("Activities", "Activities")
        return usual.set_axis([f"{sheet}!{row}" for row in usual.index])

    @cached_property
    def peers(self) -> pd.Series:
        """The segment that each customer is held against; empty where all customers are its peers."""
        return peers.find_peers(self._segments, self.names)

    @cached_property
    def peer_shares(self) -> pd.DataFrame:
        """What the P&L of each customer's peers is of their net revenue, together: measures as columns."""
        return peers.compute_peer_shares(self.customers, self.peers)

    def _choose_line(self, rows: pd.DataFrame, line: str | None) -> pd.DataFrame:
        """Return those of rows of the ledger, or of an explanation of it, that a line is the sum of."""
        some = rows if line is None else choose_line(rows, line)
        if some is not None:
            return some
        lines = {
            *MEASURES,
            *self.customer_ledger["line"].cat.categories,
            *self.customer_ledger["group"].cat.categories,
        }
        if str(line).casefold() in {known.casefold() for known in lines}:
            return rows.iloc[:0]
        raise UnknownNameError(str(line), lines, "line")

    def _explain_name(self, name: str) -> pd.DataFrame:
        """Return the rows behind a customer, or behind all members of a group."""
        if self.members is None or not name:
            return explain_customer(name, self.basis)
        tops = roll_up.map_tops(self.members.inputs, self.members.names)
        own = [member for member in self.members.names if tops.get(str(member), str(member)) == name]
        return pd.concat([explain_customer(m, self.members.basis) for m in own], ignore_index=True)

    def publish_rows(self, explained: pd.DataFrame) -> pd.DataFrame:
        """Return an explanation with places as the workbook has them: a sheet, and ``Activities!5`` for a source."""
        sheets = self.inputs.sheets

        def name_sheets(column: str) -> pd.Series:
            return explained[column].map(lambda table: sheets.get(table, table)).astype(object)

        source, row = name_sheets("source_table"), explained["source_row"]
        priced_by = (source + row.map("!{}".format).where(row > 0, "")).astype(object)
        return explained.assign(sheet=name_sheets("table"), priced_by=priced_by)[list(EXPLAINED)]

    def resolve_customer(self, customer: str) -> str:
        """Return the customer's name as it is spelt in the run; :class:`UnknownNameError` if there is none."""
        wanted = fold_customer(str(customer))
        others = self.inputs["Aliases"]
        for one, whose in zip(others["id"].astype(str), others["customer"].astype(str), strict=True):
            wanted = fold_customer(whose) if fold_customer(one) == wanted else wanted
        for name in self.names:
            if fold_customer(str(name)) == wanted:
                return str(name)
        raise UnknownNameError(customer, self.names, "customer")


def compute_results(
    inputs: Inputs, findings: tuple[found.Finding, ...] = (), kept: Kept | None = None
) -> Results:
    """Return the results of these tables: the flow from tables to ledger, step by step.

    ``kept`` has what was worked out of the very same tables in another run.
    """
    if kept is None:
        equations, log, supply = (
            effort.list_terms(inputs),
            effort.sum_log(inputs),
            capacity.list_supply(inputs),
        )
    else:
        equations = kept.share(effort.list_terms, inputs, effort.TERMS_READ)
        log = kept.share(effort.sum_log, inputs, effort.LOG_READ)
        supply = kept.share(capacity.list_supply, inputs, capacity.SUPPLY_READS)

    uses, period = effort.list_uses(log, equations), log["period"].to_numpy()
    used = effort.sum_units(uses, period, equations, supply.resources, len(supply.periods))
    resources = capacity.price_resources(supply, used)

    basis = Basis(inputs, equations, log, resources)
    post = (lambda rule: rule.post(basis)) if kept is None else (lambda rule: kept.post(rule, basis))
    ledger = books.assemble_ledger(posted for rule in RULES for posted in post(rule))
    return Results(basis, ledger, findings)


def compute_scenario(results: Results, changes: str | Change | Sequence[str | Change]) -> Results:
    """Return the results of a run with some of its inputs changed, computed anew from them.

    Args:
        results: the run.
        changes: one or several, each as it is written on a line, ``"price +3% segment:Hotels"``: what changes
            (:class:`xlprofit.vocabulary.what_if.Changed`), by how much or to what, of whom or which, and, where it
            does not hold for the whole period analysed, ``from`` which day.

    Returns:
        The results. Their ``findings`` warn of changes that change nothing, or are held at a limit; control totals are
        not held against them, for a scenario is no record of what came about.

    Raises:
        ArgumentError: ``results`` or a change is of another kind.
        XlprofitError: a change cannot be read, is of a name that is not there, reaches nothing or goes too far.

    >>> import pandas as pd
    >>> import xlprofit
    >>> sales = pd.DataFrame({"date": ["2024-01-31"], "customer": ["ACME"], "gross_revenue": [100.0], "cogs": [60.0]})
    >>> results = xlprofit.analyze({"Sales": sales})
    >>> float(xlprofit.scenario(results, ["price +3%", "volume -10% ACME"]).customers.loc["ACME", "profit"])
    38.7
    """
    require_kind(results, Results, "results", _("the results of {function}", function="xlprofit.analyze"))
    inputs, told = scenarios.make_scenario(results.inputs, changes)
    return compute_results(inputs, found.Findings(told, inputs.settings.language, results.findings.own))


def find_customer_goal(results: Results, customer: str, target: float) -> goal.Goal:
    """Return what it takes for a customer to reach a margin; see :func:`xlprofit.comparison.goal.find_goal`."""
    kept = results.keep_steps()
    return goal.find_goal(results, customer, target, lambda inputs: compute_results(inputs, kept=kept))
