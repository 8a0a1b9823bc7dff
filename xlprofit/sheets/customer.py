"""The sheet *Customer*: a fact sheet of the customer chosen on it, in plain formulas over the other sheets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from xlprofit.addresses import format_block
from xlprofit.errors import UnknownNameError
from xlprofit.formulas import SHEET
from xlprofit.formulas.cells import format_cell_text
from xlprofit.messages import N_, _, join_messages
from xlprofit.sheets import (
    credit_risk,
    customer_charts,
    customer_facts,
    customer_pnl,
    decisions,
    names,
    trends,
)
from xlprofit.sheets.customer_lookup import (
    BODY,
    Facts,
    find_row,
    guard_blank,
    locate_facts,
    look_up_text,
    name_customers,
    read_fact_number,
)
from xlprofit.sheets.frame import TABLE_ROW, build_sheet_heading, describe_analysis_span, translate_word_rule
from xlprofit.sheets.parts import (
    Cell,
    ColourRule,
    Column,
    Figure,
    FigureByRow,
    Format,
    Formula,
    Link,
    Meaning,
    Sentence,
    Sentences,
    Sheet,
    SignRule,
    Table,
    Value,
    WordRule,
)
from xlprofit.vocabulary.measures import MEASURES, Measure

if TYPE_CHECKING:  # results are handed in: what makes them is not needed
    from xlprofit.results import Results

_ASKED = "$B$3"
PNL, ACTIVITIES, AGEING = "customer_lines", "customer_activities", "customer_ageing"
PNL_ROW, ACTIVITY_ROW, AGEING_ROW = 10, 24, 32
"""The header rows of the tables."""

RIGHT = 8
"""The first column of the right half."""

LAST_ROW = AGEING_ROW + 11
"""The last row of the page."""

HEIGHTS = {
    **{4: 51.0, 7: 6.0, 8: 3.0, LAST_ROW: 25.5},
    **dict.fromkeys((ACTIVITY_ROW - 2, AGEING_ROW - 2, LAST_ROW - 3), 6.0),
    **dict.fromkeys((ACTIVITY_ROW - 1, AGEING_ROW - 1), 17.25),
}
"""The rows whose height is not that of a line of text, in points: the sentences, of up to four and up to two lines
whoever is chosen, and gaps."""

BODY_ROWS = sorted({*range(PNL_ROW + 1, LAST_ROW + 1)} - {ACTIVITY_ROW, AGEING_ROW})
"""The rows of a line of text each; headers are as tall as they need."""

HELP_ROW = LAST_ROW + 3
"""The first row below the page: what the formulas and charts rest on."""

ROW_CELL, NAME_CELL, DECISION_CELL, TREND_CELL = (f"$B${HELP_ROW + step}" for step in range(1, 5))
"""The cells with the customer's row on the results sheet, its name as it is spelt, its rows of two other sheets."""


@dataclass(frozen=True)
class _Page:
    """What the fact sheet is made of."""

    results: Results
    facts: Facts
    customer: str
    others: Mapping[str, Sheet]


def describe_customer_sheet(
    results: Results, hidden: Sheet, others: Sequence[Sheet], chosen: object = None
) -> Sheet:
    """Return the sheet.

    Args:
        results: the run.
        hidden: the results sheet, on which most of it is looked up.
        others: the other result sheets: what verdicts and trends say in words is looked up there.
        chosen: the customer that was chosen on the sheet before, if any; the first of *Customer P&L* where there is
            no such customer (any more).
    """
    called = names.translate_sheet_name(names.CUSTOMER)
    if not len(results.whale):
        top = build_sheet_heading(called, describe_analysis_span(results))
        return Sheet(called, (*top, Cell(4, 1, _("No customers"), Meaning.NOTE)))
    customer = _choose_customer(results, chosen)
    facts = locate_facts(hidden, customer, ROW_CELL)
    page = _Page(results, facts, customer, {str(sheet.name): sheet for sheet in others})
    pnl = _build_customer_pnl(page)
    tables = [pnl, _build_activity_table(page), *_build_ageing_table(page)]
    charted, charts = customer_charts.build_charts(results, facts, pnl, HELP_ROW + 7, RIGHT)
    return Sheet(
        called,
        cells=(
            *_build_top_cells(page),
            *_build_customer_tiles(page),
            *_build_section_titles(page),
            *_build_outlook_cells(page),
            *_build_help_cells(page),
        ),
        tables=(*tables, *charted),
        charts=charts,
        freeze="A4",
        tab=Meaning.PROFIT,
        currency=results.inputs.settings.currency,
        widths={7: 2.0, **dict(enumerate((18.5, 10.0, 9.5, 12.0, 10.0, 7.0), RIGHT))},
        heights={**dict.fromkeys(BODY_ROWS, 12.0), **HEIGHTS},
        printed=format_block(1, 1, LAST_ROW, RIGHT + 5),
    )


def _choose_customer(results: Results, chosen: object) -> str:
    try:
        return results.resolve_customer("" if chosen is None else format_cell_text(chosen))
    except UnknownNameError:
        return str(results.whale.index[0])


def _build_top_cells(page: _Page) -> Iterator[Cell]:
    """Yield the title, the cell to choose in, and the closing sentence."""
    span = describe_analysis_span(page.results)
    yield from build_sheet_heading(names.translate_sheet_name(names.CUSTOMER), span, across=6)
    yield Cell(3, 1, _("Choose a customer"), Meaning.SECTION)
    listed = f"A{TABLE_ROW + 1}:A{TABLE_ROW + len(page.results.whale)}"
    yield Cell(
        3,
        2,
        page.customer,
        Meaning.INPUT,
        across=4,
        choices=Link(names.translate_sheet_name(names.CUSTOMER_PNL), listed),
        figure=Figure(customer=page.customer),
    )
    missing = _("There is no such customer: choose one from the list")
    text = join_messages("", (f'IF({ROW_CELL}=0,"', missing, '","")'))
    rule = WordRule(((missing, Meaning.WARNING),))
    yield Cell(3, RIGHT, Formula(text, None), Meaning.PLAIN, across=6, rules=(rule,))
    reason = _find_text(page, names.DECISIONS, decisions.TABLE, "reason", DECISION_CELL)
    if reason is not None:
        yield Cell(4, 1, _("In one sentence"), Meaning.LABEL, wrap=True)  # at the top, as the sentence is
        yield Cell(4, 2, reason, Meaning.PLAIN, across=RIGHT + 4, wrap=True)


def _build_customer_tiles(page: _Page) -> Iterator[Cell]:
    """Yield the figures that matter, large, each under what it is."""
    facts, money, share = page.facts, Format.MONEY, Format.SHARE
    rules = translate_word_rule
    verdict = _find_text(page, names.DECISIONS, decisions.TABLE, "verdict", DECISION_CELL)
    state = _find_text(page, names.TRENDS, trends.TABLE, "state", TREND_CELL)
    tiles: tuple[tuple[int, int, str, Formula | None, Format, tuple[ColourRule, ...]], ...] = (
        (1, 1, _("Net revenue"), facts.find("measure", "net_revenue"), money, ()),
        (2, 2, _("Customer profit"), facts.find("measure", "profit"), money, ()),
        (4, 1, _("Profit %"), facts.find("measure", "margin"), share, ()),
        (5, 2, _("Expected, next 12 months"), facts.find("forecast", "expected_profit"), money, ()),
        (RIGHT, 1, _("Verdict"), verdict, Format.TEXT, (rules(decisions.VERDICTS),)),
        (RIGHT + 1, 2, _("State"), state, Format.TEXT, (rules(trends.STATES),)),
        (RIGHT + 3, 1, _("Confidence"), _find_fact(page, "confidence", customer_facts.DECISION), share, ()),
        (RIGHT + 4, 2, _("Overdue"), _find_fact(page, "overdue", customer_facts.CREDIT), money, ()),
    )
    for column, across, label, value, format_, coloured in tiles:
        if value is not None:
            yield Cell(5, column, label, Meaning.LABEL, across=across)
            yield Cell(6, column, value, Meaning.KPI, format_, across=across, rules=coloured)


def _find_fact(page: _Page, name: str, group: str) -> Formula:
    return page.facts.find(customer_facts.KIND, name, group)


def _find_text(page: _Page, sheet: str, table: str, key: str, row: str) -> Formula | None:
    """Return what another sheet says of the customer in words; nothing where there is no such sheet."""
    found = page.others.get(str(names.translate_sheet_name(sheet)))
    if found is None:
        return None
    there = found.table(table)
    column = next(column for column in there.columns if column.key == key)
    at = next(column for column in there.columns if column.key == "customer").values.index(page.customer)
    return Formula(look_up_text(found, there, key, row), _take_value(column.values, at))


def _take_value(values: Sequence[Value], at: int) -> Value:
    """Return one cell of a column; of sentences that are not worded yet, that one sentence."""
    if not isinstance(values, Sentences):
        return values[at]
    some = None if values.trends is None else values.trends.iloc[[at]]
    return replace(values, frame=values.frame.iloc[[at]], trends=some)  # type: ignore[return-value]  # said later


def _build_section_titles(page: _Page) -> Iterator[Cell]:
    for row, column, title in (
        (PNL_ROW - 1, 1, _("Profit and loss, against the peer group")),
        (ACTIVITY_ROW - 1, 1, _("The five costliest activities")),
        (AGEING_ROW - 1, 1, _("Open invoices, by days past due")),
        (AGEING_ROW - 1, 4, _("What to expect, and what to do")),
    ):
        yield Cell(row, column, title, Meaning.SECTION, across=3 if row == AGEING_ROW - 1 else 6)
    peers = _find_fact(page, "", customer_facts.PEERS)
    all_of = _("all customers")
    parts = (f'IF({ROW_CELL}=0,"",IF({peers.text}="","', all_of, f'",{peers.text}))')
    text = join_messages("", parts)
    yield Cell(PNL_ROW - 1, RIGHT, _("Peer group"), Meaning.LABEL)
    yield Cell(PNL_ROW - 1, RIGHT + 1, Formula(text, peers.value or all_of), Meaning.PLAIN, across=5)


# --- the tables ---------------------------------------------------------------------------------------


PNL_COLUMNS = (
    Column("line", N_("Line"), (), width=22.0),
    Column("amount", N_("Amount"), (), Format.MONEY, 13.0),
    Column("share", N_("% of net revenue"), (), Format.SHARE, 11.0),
    Column("usual", N_("Peer group %"), (), Format.SHARE, 11.0, N_("The same line of its peers together")),
    Column(
        "points", N_("Gap, % points"), (), Format.SHARE, 11.0, N_("Below zero: worse than the peer group")
    ),
    Column(
        "gap", N_("Gap in money"), (), Format.MONEY, 13.0, N_("The gap × net revenue"), rules=(SignRule(),)
    ),
)


def _build_customer_pnl(page: _Page) -> Table:
    """Return the P&L beside that of the peers, at the customer's own net revenue."""
    first, facts = PNL_ROW + 1, page.facts
    net = f"$B${first + MEASURES.index(Measure.NET_REVENUE)}"
    text, amounts = facts.list_down(("measure", MEASURES[0], ""), len(MEASURES), "line", first)
    key = (customer_facts.KIND, MEASURES[0], customer_facts.SHARES)
    usual_text, usual = facts.list_down(key, len(MEASURES), "line", first)
    revenue = read_fact_number(amounts[MEASURES.index(Measure.NET_REVENUE)])
    shares = [_divide_by_revenue(read_fact_number(a), revenue) for a in amounts]
    points = _compare_shares(shares, usual)
    own: dict[str, tuple[str, Sequence[Value]]] = {
        "amount": (text, amounts),
        "share": (f'IF(COUNT({{amount}},{net})=2,IF({net}>0,{{amount}}/{net},""),"")', shares),
        "usual": (usual_text, usual),
        "points": ('IF(COUNT({share},{usual})=2,{share}-{usual},"")', points),
        "gap": (
            f'IF(COUNT({{points}},{net})=2,{{points}}*{net},"")',
            [None if p is None else p * revenue for p in points],
        ),
    }
    labels = [_(header) for _measure, header, _band, _note in customer_pnl.WATERFALL]
    keys: dict[tuple[str, ...], Figure] = {
        (label,): Figure(m, customer=page.customer) for label, m in zip(labels, MEASURES, strict=True)
    }
    columns = tuple(
        replace(column, figure=FigureByRow(("line",), keys)) if column.key == "amount" else column
        for column in _fill_fact_columns(PNL_COLUMNS, {"line": labels}, own)
    )
    return Table(PNL, PNL_ROW, 1, columns, filtered=False)


def _fill_fact_columns(
    columns: Sequence[Column],
    values: Mapping[str, Sequence[Value]],
    formulas: Mapping[str, tuple[str, Sequence[Value]]],
) -> Iterator[Column]:
    """Yield described columns with their values, or the formula and what it comes to."""
    for column in columns:
        text, found = formulas.get(column.key, ("", values.get(column.key, ())))
        yield replace(
            column,
            header=_(column.header),
            note=_(column.note) if column.note else "",
            values=found,
            formula=text,
        )


ACTIVITY_COLUMNS = (
    Column("name", N_("Activity"), (), width=22.0),
    Column("how_many", N_("How many"), (), Format.NUMBER, 13.0),
    Column("usual", N_("Median"), (), Format.NUMBER, 11.0, N_("Of the segment, at this net revenue")),
    Column("each", N_("Units each"), (), Format.DECIMAL, 11.0, N_("Minutes, or other units of the resource")),
    Column("rate", N_("Rate"), (), Format.RATE, 11.0),
    Column("amount", N_("Amount"), (), Format.MONEY, 13.0, N_("How many × units each × rate")),
)


def _build_activity_table(page: _Page) -> Table:
    """Return the costliest activities: how many × units each × rate, beside the median of the peers."""
    rows = customer_facts.COSTLIEST
    found = {}
    for fact in customer_facts.ACTIVITY_FACTS:
        place = page.facts.places[customer_facts.KIND, f"{fact} 1", customer_facts.ACTIVITY]
        cells = page.facts.name_cells(place, place + rows - 1)
        text = f"INDEX({cells},{ROW_CELL},ROW()-{ACTIVITY_ROW})"
        found[fact] = (guard_blank(ROW_CELL, text), [page.facts.value(place + step) for step in range(rows)])
    return Table(
        ACTIVITIES, ACTIVITY_ROW, 1, tuple(_fill_fact_columns(ACTIVITY_COLUMNS, {}, found)), filtered=False
    )


AGEING_COLUMNS = (
    Column("bucket", N_("Days past due"), (), width=22.0),
    Column("open", N_("Open"), (), Format.MONEY, 13.0),
)


def _build_ageing_table(page: _Page) -> Iterator[Table]:
    """Yield what is open by days past due; nothing where there are no invoices."""
    buckets = credit_risk.list_ageing_buckets(page.results)
    if not page.results.credit["open"].notna().any():
        return
    first = AGEING_ROW + 1
    key = (customer_facts.KIND, buckets[0], customer_facts.CREDIT)
    text, values = page.facts.list_down(key, len(buckets), "bucket", first)
    own: dict[str, tuple[str, Sequence[Value]]] = {"open": (text, values)}
    labels = [credit_risk.describe_ageing_bucket(bucket) for bucket in buckets]
    yield Table(
        AGEING,
        AGEING_ROW,
        1,
        tuple(_fill_fact_columns(AGEING_COLUMNS, {"bucket": labels}, own)),
        filtered=False,
    )


def _compare_shares(shares: Sequence[float | None], usual: Sequence[Value]) -> list[float | None]:
    """Return by how much each share of revenue is above the usual one; ``None`` where either is not known."""
    return [None if s is None or u is None else s - float(u) for s, u in zip(shares, usual, strict=True)]


def _divide_by_revenue(part: float, whole: float) -> float | None:
    return part / whole if whole > 0 else None


# --- what is to come ----------------------------------------------------------------------------------


def _build_outlook_cells(page: _Page) -> Iterator[Cell]:
    """Yield the forecast, what ending would do, the levers and the trend."""
    facts, money = page.facts, Format.MONEY
    decided = customer_facts.DECISION
    lines: list[tuple[str, Formula | None, Format]] = [
        (_("Run rate, a year"), facts.find("forecast", "run_rate"), money),
        (_("Expected, low"), facts.find("forecast", "expected_low"), money),
        (_("Expected, high"), facts.find("forecast", "expected_high"), money),
        (_("Value if kept"), _find_fact(page, "keep_value", decided), money),
        (_("Value if ended"), _find_fact(page, "end_value", decided), money),
        (_("Change in profit a period"), _find_fact(page, "profit_slope", customer_facts.TREND), money),
        (_("Change in revenue a period"), _find_fact(page, "volume_slope", customer_facts.TREND), money),
    ]
    for row, (label, value, format_) in enumerate(lines, AGEING_ROW):
        yield Cell(row, 4, label, across=2)
        if value is not None:
            yield Cell(row, 6, value, Meaning.PLAIN, format_)
    for row, label, sheet, table, key, cell in (
        (AGEING_ROW + 9, _("Smallest lever"), names.DECISIONS, decisions.TABLE, "lever", DECISION_CELL),
        (AGEING_ROW + 10, _("Hinges on"), names.DECISIONS, decisions.TABLE, "hinges_on", DECISION_CELL),
        (AGEING_ROW + 11, _("Trend"), names.TRENDS, trends.TABLE, "reason", TREND_CELL),
    ):
        text = _find_text(page, sheet, table, key, cell)
        if text is not None:
            shown = Formula(join_messages("", (f'IF($B${row}="","","', label, '")')), label)
            shown = shown if _says_something(text.value) else replace(shown, value=None)
            yield Cell(row, 1, shown, Meaning.LABEL, wrap=True)
            yield Cell(row, 2, text, Meaning.PLAIN, across=RIGHT + 4, wrap=True)


def _says_something(value: object) -> bool:
    """Return whether there is a text, of what is not worded yet too."""
    if isinstance(value, Sentences) and value.about is Sentence.HINGE:
        return bool(value.frame["hinges_on"].iloc[0])
    return value is not None


def _build_help_cells(page: _Page) -> Iterator[Cell]:
    """Yield what the formulas rest on, below the page: the customer's rows of the sheets that are looked up."""
    facts = page.facts
    listed = f"{SHEET}!$A${BODY}:$A${BODY + len(page.results.whale) - 1}"
    yield Cell(HELP_ROW, 1, _("What the formulas and charts rest on"), Meaning.SECTION, across=6)
    row = Formula(find_row(listed, BODY, _ASKED), facts.chosen + 1)
    name = Formula(f'IF({ROW_CELL}=0,"",INDEX({listed},{ROW_CELL}))', page.customer)
    yield Cell(HELP_ROW + 1, 1, _("Row of the results"), Meaning.NOTE)
    yield Cell(HELP_ROW + 1, 2, row, Meaning.NOTE, Format.INTEGER)
    yield Cell(HELP_ROW + 2, 1, _("Customer"), Meaning.NOTE)
    yield Cell(HELP_ROW + 2, 2, name, Meaning.NOTE, across=4)
    for step, sheet, table in ((3, names.DECISIONS, decisions.TABLE), (4, names.TRENDS, trends.TABLE)):
        found = page.others.get(str(names.translate_sheet_name(sheet)))
        if found is not None:
            there = found.table(table)
            at = there.columns[0].values.index(page.customer)
            text = find_row(name_customers(found, there), there.first, NAME_CELL)
            yield Cell(HELP_ROW + step, 1, _("Row of {sheet}", sheet=found.name), Meaning.NOTE)
            yield Cell(HELP_ROW + step, 2, Formula(text, at + 1), Meaning.NOTE, Format.INTEGER)
