"""Dialogue: a proposal shown on a terminal, accepted there or changed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import typer

from xlprofit.addresses import format_column
from xlprofit.errors import UnknownNameError
from xlprofit.streams import make_plain
from xlprofit.tables import TABLES
from xlprofit.terminal import open_console, print_line
from xlprofit.words.speech import _, _n, find_workbook_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlprofit.importing.intake import Plan
    from xlprofit.importing.profiles.profile import ColumnRule
    from xlprofit.importing.profiles.rules import Heads, MeasureRows
    from xlprofit.importing.proposals.assembly import ColumnProposal, TableProposal
    from xlprofit.importing.proposals.proposal import Proposal

SAMPLE = 24
"""So many characters of a sample value are shown."""


def show_plan(plan: Plan) -> None:
    """Show what is proposed for each export."""
    number = 1
    for proposal in plan.proposals:
        number = show_proposal(proposal, number, confirmed=proposal.path in plan.known)
        for table, old in list_replaced(plan, proposal):
            print_line(
                _(
                    "{table} has come from {old} so far; its rows will no longer be counted",
                    table=find_workbook_name(table),
                    old=old,
                )
            )


def list_replaced(plan: Plan, proposal: Proposal) -> list[tuple[str, str]]:
    """Return the tables that come from another file until now, with its name."""
    from xlprofit.importing.intake import find_replaced

    tables = dict.fromkeys(table.table for table in proposal.tables)
    return [(table, old) for table in tables if (old := find_replaced(plan, proposal, table))]


def show_proposal(proposal: Proposal, number: int = 1, *, confirmed: bool = False) -> int:
    """Show what is proposed for an export, its columns numbered; return the number after the last."""
    if confirmed:
        print_line(_("{path}: read as it was confirmed before", path=proposal.path.name))
    elif proposal.ready:
        print_line(
            _("{path}: recognised by the profile {name}", path=proposal.path.name, name=proposal.ready)
        )
    if not proposal.tables:
        print_line(_("{path}: no table was recognised", path=proposal.path.name))
    for table in proposal.tables:
        number = _show_table(proposal, table, number)
    for sheet in proposal.passed_over:
        print_line(_("The sheet {sheet} is not used", sheet=sheet))
    return number


def _show_table(proposal: Proposal, table: TableProposal, number: int) -> int:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    where = proposal.path.name if table.sheet == proposal.path.name else f"{proposal.path.name}#{table.sheet}"
    title = _n(
        "{table}: {n:,} row of {place}, headers in row {row}",
        "{table}: {n:,} rows of {place}, headers in row {row}",
        table.rows,
        table=find_workbook_name(table.table),
        place=where,
        row=max(table.header_row, 0),
    )
    shown = Table(title=make_plain(title), title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    shown.add_column("", justify="right", no_wrap=True)
    for header in (_("Column"), _("Read from"), _("How sure"), _("Samples"), _("Read as")):
        shown.add_column(header, overflow="fold")
    for at, column in enumerate(table.columns, number):
        shown.add_row(
            str(at),
            Text(find_workbook_name(table.table, column.column)),
            Text(make_plain(column.header or format_column(max(column.at, 1)))),
            Text(tell_trust(column), _choose_style(column)),
            Text(make_plain(" · ".join(_shorten(text) for text in column.samples))),
            Text(make_plain(", ".join(tell_conventions(column.rule)))),
        )
    for name in table.missing:
        shown.add_row(
            "", Text(find_workbook_name(table.table, name)), Text(_("not found"), "bold red"), "", "", ""
        )
    open_console().print(shown)
    if table.rule.measures is not None:
        print_line(_tell_measures(table.rule.measures))
    if table.rule.heads is not None:
        print_line(_tell_heads(table.rule.heads))
    _show_unused(table)
    return number + len(table.columns)


def _tell_measures(measures: MeasureRows) -> str:
    """Return in words which key figures stand below each other."""
    return _(
        "Each row is the key figure under {header}: {words}",
        header=measures.header,
        words=", ".join(measures.values.values()),
    )


def _tell_heads(heads: Heads) -> str:
    """Return in words where the rows have their customer and date from."""
    return _(
        "Joined to the orders of {sheet}: {own} is {header} there",
        sheet=heads.sheet,
        own=heads.own,
        header=heads.header,
    )


def _choose_style(column: ColumnProposal) -> str:
    """Return how it is shown how sure a column is."""
    if column.is_guess or column.rule.doubt:
        return "bold yellow"
    return "" if column.is_sure else "yellow"


def _show_unused(table: TableProposal) -> None:
    telling = [column.header for column in table.unused if column.tells]
    others = [column.header or format_column(column.at) for column in table.unused if not column.tells]
    if telling:
        print_line(
            _("Read beside them, for currency or kind of document: {headers}", headers=", ".join(telling))
        )
    if others:
        print_line(_("Not used: {headers}", headers=", ".join(others)))


def _shorten(text: str) -> str:
    return text if len(text) <= SAMPLE else f"{text[: SAMPLE - 1]}…"


def tell_trust(column: ColumnProposal) -> str:
    """Return how sure a column is, in words."""
    if column.by == "chosen":
        return _("chosen")
    if column.rule.doubt:
        return _("uncertain: please check")
    if column.by == "rows":
        return _("sure: the rows add up")
    if column.is_sure:
        return _("sure")
    return _("a guess: please check") if column.is_guess else _("likely")


def tell_conventions(rule: ColumnRule) -> Iterator[str]:
    """Yield the conventions of a column in words."""
    yield from _tell_date_form(rule)
    yield from _tell_number_form(rule)
    if rule.fill_down:
        yield _("blank repeats the cell above")
    yield from _tell_work(rule)
    if rule.extract:
        yield _("a part of the cell")
    if rule.after:
        yield _("days after {header}", header=rule.after)
    if rule.currency:
        yield _("in {currency} in every row", currency=rule.currency)


_FORMS = {
    "period": lambda: _("SAP period"),
    "month": lambda: _("month, by its last day"),
    "week": lambda: _("week, by its Thursday"),
}
"""What is said of a form of dates that has a name."""


def _tell_date_form(rule: ColumnRule) -> Iterator[str]:
    if rule.order:
        yield _("day first") if rule.order == "day" else _("month first")
    if rule.form:
        yield _FORMS[rule.form]() if rule.form in _FORMS else _("date written {form}", form=rule.form)


def _tell_number_form(rule: ColumnRule) -> Iterator[str]:
    if rule.decimal:
        yield _("decimal comma") if rule.decimal == "," else _("decimal point")
    if rule.sign:
        yield _("sign turned")
    if rule.unit:
        yield {
            "hours": _("duration, in hours"),
            "minutes": _("minutes, as hours"),
            "seconds": _("seconds, as hours"),
        }[rule.unit]
    if rule.scale != 1.0:
        yield _("times {scale:,.0f}", scale=rule.scale)


def _tell_work(rule: ColumnRule) -> Iterator[str]:
    """Yield in words what a column is worked out of."""
    if rule.rule:
        yield _("revenue less profit") if rule.rule == "profit" else _("revenue less margin")
    if rule.times:
        yield _("times {header}", header=rule.times)
    if rule.per:
        yield _("divided by {header}", header=rule.per)
    if rule.minus:
        yield _("less {header}", header=rule.minus)
    for header in rule.less:
        yield _("less {header}", header=header)
    if rule.tax_rate:
        yield _("without tax by {header}", header=rule.tax_rate)
    if rule.tax:
        yield _("less its share of {header}", header=rule.tax)
    if rule.once:
        yield _("once for each {header}", header=rule.once)
    if rule.deducted:
        yield _("deducted already")
    if rule.compact:
        yield _("from the rows above")
    if rule.negative_if is not None:
        yield _("negative by {header}", header=" / ".join(rule.negative_if.headers))


def describe_plan(plan: Plan) -> str:
    """Return what is proposed in the lines of a message box."""
    lines = []
    for proposal in plan.proposals:
        for table in proposal.tables:
            lines.append(
                _n(
                    "{table}: {n:,} row of {place}",
                    "{table}: {n:,} rows of {place}",
                    table.rows,
                    table=find_workbook_name(table.table),
                    place=proposal.path.name,
                )
            )
            measures = table.rule.measures
            lines += ["    " + _tell_measures(measures)] if measures is not None else []
            lines += ["    " + _tell_heads(table.rule.heads)] if table.rule.heads is not None else []
            lines += [f"    {_describe_column(table, column)}" for column in table.columns]
            lines += [
                "    " + _("{column}: not found", column=find_workbook_name(table.table, name))
                for name in table.missing
            ]
        if not proposal.tables:
            lines.append(_("{path}: no table was recognised", path=proposal.path.name))
    return "\n".join(lines)


def _describe_column(table: TableProposal, column: ColumnProposal) -> str:
    said = ", ".join((tell_trust(column), *tell_conventions(column.rule)))
    header = column.header or format_column(max(column.at, 1))
    return f"{find_workbook_name(table.table, column.column)} = {header} ({said})"


def confirm_plan(plan: Plan) -> Plan | None:
    """Return a plan as the user accepts or changes it on a terminal; ``None`` where it is given up."""
    while True:
        show_plan(plan)
        answer = typer.prompt(
            _("Enter accepts; a number changes that column, + adds one, - leaves a table out, q gives up"),
            default="",
            show_default=False,
        ).strip()
        if not answer:
            return plan.confirm_guesses()
        if answer.lower() == "q":
            return None
        try:
            plan = _change_plan(plan, answer)
        except UnknownNameError as error:
            print_line(str(error))


def _change_plan(plan: Plan, answer: str) -> Plan:
    """Return a plan with one change that the user asks for."""
    if answer == "-":
        name = typer.prompt(_("Table to leave out"))
        return replace(plan, proposals=tuple(p.drop_table(name.strip()) for p in plan.proposals))
    return _add_column(plan) if answer == "+" else _ask_for_column(plan, answer)


def _add_column(plan: Plan) -> Plan:
    """Return a plan with a column that the user names, in the first of the tables that may have it."""
    text = typer.prompt(_("Column to add, such as cogs=Cost"))
    name, _equals, header = (part.strip() for part in text.partition("="))
    tables = [(p, t.table) for p in plan.proposals for t in p.tables]
    fitting = ((p, t) for p, t in tables if any(c.name == name for c in TABLES[t].columns))
    found = next(fitting, None) or next(iter(tables), None)
    if found is None:
        raise UnknownNameError(name, (), "column")
    proposal, table = found
    return _replace_proposal(plan, proposal, proposal.change_column(table, name, header))


def _ask_for_column(plan: Plan, answer: str) -> Plan:
    """Return a plan with another column of the export for the one whose number the user gives."""
    places = [(p, t, c.column) for p in plan.proposals for t in p.tables for c in t.columns]
    if not answer.isdecimal() or not 1 <= int(answer) <= len(places):
        raise UnknownNameError(answer, [str(at) for at in range(1, len(places) + 1)], "number")
    proposal, table, column = places[int(answer) - 1]
    headers = (*(c.header for c in table.columns), *(c.header for c in table.unused))
    print_line(_("The export has {headers}", headers=", ".join(filter(None, headers))))
    header = typer.prompt(
        _(
            "Column of the export for {column}; nothing: none",
            column=make_plain(find_workbook_name(table.table, column)),
        ),
        default="",
        show_default=False,
    )
    return _replace_proposal(plan, proposal, proposal.change_column(table.table, column, header.strip()))


def _replace_proposal(plan: Plan, old: Proposal, new: Proposal) -> Plan:
    return replace(plan, proposals=tuple(new if p is old else p for p in plan.proposals))
