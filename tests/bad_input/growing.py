"""Workbooks of which one construct may be made ten times as many: parts of the file, and rows of the model."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter  # type: ignore[import-untyped]  # it ships no types

from tests.bad_input.plain import OPTIONS, plain
from tests.lossless.books import change
from xlprofit.closed_periods import name_closed_file, write_closed
from xlprofit.comparison.closed import Closed

SHEET, BOOK, STYLES = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"
TEXTS = "xl/sharedStrings.xml"
MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
KIND = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/"

Build = Callable[[Path], object]
"""Makes a workbook, or changes a plain one."""


def in_cells(xml: bytes) -> Build:
    """Return what puts XML behind the rows of the sheet."""
    return in_part(SHEET, b"</sheetData>", xml)


def in_part(part: str, before: bytes, xml: bytes) -> Build:
    """Return what puts XML in front of some bytes of a part of a plain workbook."""
    return lambda path: change(plain(path), {part: lambda old: old.replace(before, xml + before, 1)})


def relate(kind: bytes, targets: Iterable[bytes], mode: bytes = b"") -> bytes:
    """Return the relationships of a part."""
    listed = b"".join(
        b'<Relationship Id="q%d" Type="%s%s" Target="%s"%s/>' % (i, KIND, kind, target, mode)
        for i, target in enumerate(targets)
    )
    space = b"http://schemas.openxmlformats.org/package/2006/relationships"
    return b'<Relationships xmlns="%s">%s</Relationships>' % (space, listed)


RELATED = "xl/worksheets/_rels/sheet1.xml.rels"


def build_many_names(count: int) -> Build:
    listed = b"".join(
        b'<definedName name="n%d">Sales!$A$%d</definedName>' % (i, i % 999 + 1) for i in range(count)
    )
    return in_part(BOOK, b"</workbook>", b"<definedNames>" + listed + b"</definedNames>")


def build_many_styles(count: int) -> Build:
    listed = b"".join(b'<numFmt numFmtId="%d" formatCode="0.%d"/>' % (i, i) for i in range(200, 200 + count))
    return in_part(STYLES, b"<fonts", b'<numFmts count="%d">%s</numFmts>' % (count, listed))


def build_many_sheets(count: int) -> Build:
    relation = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    listed = b"".join(b'<sheet name="S%d" sheetId="%d" r:id="x%d"/>' % (i, i + 50, i) for i in range(count))
    arrows = b"".join(
        b'<Relationship Id="x%d" Type="%s" Target="worksheets/s%d.xml"/>' % (i, relation, i)
        for i in range(count)
    )
    blank = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/></worksheet>'
    changes: dict[str, Callable[[bytes], bytes]] = {
        BOOK: lambda old: old.replace(b"</sheets>", listed + b"</sheets>"),
        "xl/_rels/workbook.xml.rels": lambda old: old.replace(
            b"</Relationships>", arrows + b"</Relationships>"
        ),
    }
    changes |= {f"xl/worksheets/s{i}.xml": lambda old: blank for i in range(count)}
    return lambda path: change(plain(path), changes)


def build_many_merges(count: int) -> Build:
    listed = b"".join(b'<mergeCell ref="H%d:I%d"/>' % (i, i) for i in range(10, 10 + count))
    return in_part(SHEET, b"<pageMargins", b"<mergeCells>" + listed + b"</mergeCells>")


def build_many_rows(count: int) -> Build:
    row = (
        b'<row r="%d"><c r="A%d"><v>45301</v></c><c r="B%d" t="inlineStr"><is><t>C%d</t></is></c>'
        b'<c r="C%d"><v>%d</v></c></row>'
    )
    return in_cells(b"".join(row % (i, i, i, i % 7, i, i) for i in range(8, 8 + count)))


def build_many_texts(count: int) -> Build:
    listed = b"".join(b"<si><t>text %d</t></si>" % i for i in range(count))
    return in_part("xl/sharedStrings.xml", b"</sst>", listed)


def build_many_formulas(count: int) -> Build:
    cell = b'<row r="%d"><c r="F%d"><f>SUM(A1:A%d)</f><v>1</v></c></row>'
    return in_cells(b"".join(cell % (i, i, i) for i in range(8, 8 + count)))


def build_many_comments(count: int) -> Build:
    listed = b"".join(
        b'<comment ref="H%d" authorId="0"><text><r><t>note %d</t></r></text></comment>' % (i, i)
        for i in range(1, count + 1)
    )
    part = (
        b'<comments xmlns="%s"><authors><author>A</author></authors><commentList>%s</commentList></comments>'
    )
    return lambda path: change(
        plain(path),
        {
            RELATED: lambda old: relate(b"comments", [b"../comments1.xml"]),
            "xl/comments1.xml": lambda old: part % (MAIN, listed),
        },
    )


def build_many_links(count: int) -> Build:
    targets = [b"https://example.org/%d" % i for i in range(count)]
    links = b"".join(b'<hyperlink ref="H%d" r:id="q%d"/>' % (i + 1, i) for i in range(count))
    return lambda path: change(
        plain(path),
        {
            RELATED: lambda old: relate(b"hyperlink", targets, b' TargetMode="External"'),
            SHEET: lambda old: old.replace(
                b"<pageMargins", b"<hyperlinks>%s</hyperlinks><pageMargins" % links, 1
            ),
        },
    )


def build_many_sections(count: int) -> Build:
    listed = b"".join(b"<si><t><![CDATA[a<%d]]></t></si>" % i for i in range(count))
    return in_part(TEXTS, b"</sst>", listed)


def build_many_validations(count: int) -> Build:
    listed = b"".join(
        b'<dataValidation type="whole" operator="greaterThan" sqref="H%d"><formula1>%d</formula1></dataValidation>'
        % (i, i)
        for i in range(1, count + 1)
    )
    return in_part(
        SHEET, b"<pageMargins", b'<dataValidations count="%d">%s</dataValidations>' % (count, listed)
    )


def build_many_conditions(count: int) -> Build:
    listed = b"".join(
        b'<conditionalFormatting sqref="H%d"><cfRule type="expression" priority="%d"><formula>H%d&gt;1</formula>'
        b"</cfRule></conditionalFormatting>" % (i, i, i)
        for i in range(1, count + 1)
    )
    return in_part(SHEET, b"<pageMargins", listed)


def build_many_tables(count: int) -> Build:
    table = (
        b'<table xmlns="%s" id="%d" name="T%d" displayName="T%d" ref="H%d:I%d"><tableColumns count="2">'
        b'<tableColumn id="1" name="a"/><tableColumn id="2" name="b"/></tableColumns></table>'
    )
    changes: dict[str, Callable[[bytes], bytes]] = {
        RELATED: lambda old: relate(b"table", [b"../tables/t%d.xml" % i for i in range(count)]),
        SHEET: lambda old: old.replace(
            b"</worksheet>",
            b'<tableParts count="%d">%s</tableParts></worksheet>'
            % (count, b"".join(b'<tablePart r:id="q%d"/>' % i for i in range(count))),
        ),
    }
    for i in range(count):
        row = 3 * i + 1
        part = table % (MAIN, i + 9, i, i, row, row + 1)
        changes[f"xl/tables/t{i}.xml"] = lambda old, part=part: part  # type: ignore[misc]  # one for each
    return lambda path: change(plain(path), changes)


# --- the model ---------------------------------------------------------------------------------------

Rows = Iterable[Sequence[object]]


def in_tables(**tables: tuple[str, Rows]) -> Build:
    """Return what makes a workbook of tables, each given by its headers in one text, and its rows."""

    def build(path: Path) -> Path:
        book: Any = xlsxwriter.Workbook(path, {**OPTIONS, "constant_memory": True})
        for name, (headers, rows) in tables.items():
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, headers.split())
            for at, row in enumerate(rows, 1):
                sheet.write_row(at, 0, row)
        book.close()
        return path

    return build


def find_month(number: int) -> dt.datetime:
    return dt.datetime(1980 + number // 12, number % 12 + 1, 15)


SALES = "date customer product gross_revenue cogs"


def list_sales(months: int, customers: int, products: int = 1) -> Rows:
    return (
        (find_month(m), f"C{c}", f"P{c % products}", 100.0 + m % 7 + c % 11, 60.0 + c % 5)
        for m in range(months)
        for c in range(customers)
    )


def build_many_customers(count: int) -> Build:
    return in_tables(Sales=(SALES, list_sales(6, count)))


def build_many_products(count: int) -> Build:
    return in_tables(Sales=(SALES, list_sales(3, count, count)))


def build_many_months(count: int) -> Build:
    return in_tables(Sales=(SALES, list_sales(count, 20)))


def build_many_activities(count: int) -> Build:
    return in_tables(
        Sales=(SALES, list_sales(12, 20)),
        Resources=("resource cost capacity", [("Desk", 5_000.0, 100_000.0)]),
        Activities=(
            "activity group resource rate",
            ((f"A{i}", "service", "Desk", 1.0 + i % 3) for i in range(count)),
        ),
        ActivityLog=(
            "date customer activity quantity",
            ((find_month(m), f"C{(i + m) % 20}", f"A{i}", 1.0) for i in range(count) for m in range(12)),
        ),
    )


def build_many_resources(count: int) -> Build:
    """Resources that pass their cost on round a ring, of which each keeps a tenth."""
    return in_tables(
        Sales=(SALES, list_sales(3, 20)),
        Resources=("resource cost", ((f"R{i}", 100.0) for i in range(count))),
        Allocations=("from to share", ((f"R{i}", f"R{(i + 1) % count}", 0.9) for i in range(count))),
    )


def build_deep_chain(count: int) -> Build:
    """Customers of whom each brought the next."""
    return in_tables(
        Sales=(SALES, list_sales(1, count)),
        Referrals=("referrer referred", ((f"C{i}", f"C{i + 1}") for i in range(count - 1))),
    )


def build_deep_groups(count: int) -> Build:
    """Customers of whom each belongs to the one before."""
    return in_tables(
        Sales=(SALES, list_sales(1, count)),
        Customers=("customer parent", ((f"C{i}", f"C{i - 1}" if i else "") for i in range(count))),
    )


def build_many_scenarios(count: int) -> Build:
    return in_tables(
        Sales=(SALES, list_sales(6, 20)),
        Scenarios=("scenario what change", ((f"Plan {i}", "price", f"+{i % 9 + 1}%") for i in range(count))),
    )


def build_many_changes(count: int) -> Build:
    """One scenario with a change for each customer."""
    return in_tables(
        Sales=(SALES, list_sales(3, count)),
        Scenarios=("scenario what of change", (("Plan", "price", f"C{i}", "+1%") for i in range(count))),
    )


def build_many_attributes(count: int) -> Build:
    """Columns of the user's own that say what a customer is."""
    headers = " ".join(f"own{i}" for i in range(count))
    rows = [[f"C{c}", *(f"v{(c + i) % 7}" for i in range(count))] for c in range(20)]
    return in_tables(Sales=(SALES, list_sales(6, 20)), Customers=(f"customer {headers}", rows))


def build_many_values(count: int) -> Build:
    """Customers of whom each is of a segment, a channel, an owner and a country of its own."""
    return in_tables(
        Sales=(SALES, list_sales(6, count)),
        Customers=(
            "customer segment channel owner country",
            ([f"C{c}", f"S{c}", f"K{c}", f"O{c}", f"L{c}"] for c in range(count)),
        ),
    )


def build_many_prospects(count: int) -> Build:
    """Prospects, half of them won or lost, which is learnt from."""
    return in_tables(
        Sales=(SALES, list_sales(12, 20)),
        Prospects=(
            "prospect segment revenue margin win_probability outcome",
            (
                (f"P{i}", f"S{i % 5}", 100.0 + i, 0.4, 0.5, ("", "won", "", "lost")[i % 4])
                for i in range(count)
            ),
        ),
    )


def build_many_aliases(count: int) -> Build:
    return in_tables(
        Sales=(SALES, ((find_month(i % 3), f"No {i}", "P", 100.0, 60.0) for i in range(count))),
        Aliases=("system id customer", (("ERP", f"No {i}", f"C{i % 20}") for i in range(count))),
    )


def build_many_invoices(count: int) -> Build:
    return in_tables(
        Sales=(SALES, list_sales(12, 20)),
        Invoices=(
            "invoice customer issued due amount paid",
            (
                (
                    f"I{i}",
                    f"C{i % 20}",
                    find_month(i % 12),
                    find_month(i % 12 + 1),
                    90.0,
                    find_month(i % 12 + 2),
                )
                for i in range(count)
            ),
        ),
    )


def build_many_commissions(count: int) -> Build:
    return in_tables(
        Sales=(SALES, list_sales(6, count)),
        Commissions=(
            "scope value basis rate",
            (("customer", f"C{i}", "net_revenue", 0.01) for i in range(count)),
        ),
    )


def build_many_columns(count: int) -> Build:
    """A table whose rows go far to the right."""
    headers = " ".join(f"own{i}" for i in range(count))
    rows = [[*row, *range(count)] for row in list_sales(6, 5)]
    return in_tables(Sales=(f"{SALES} {headers}", rows))


def build_wide_export(count: int) -> Build:
    """A file of text with so many columns, of which Sources says by a profile which are read."""
    profile = '[[tables]]\ntable = "Sales"\n[tables.columns]\ndate = "date"\ncustomer = "customer"\n'
    named = in_tables(
        Sources=(
            "table source profile",
            [("Sales", "wide.csv", f'{profile}gross_revenue = "gross_revenue"\ncogs = "cogs"\n')],
        )
    )

    def build(path: Path) -> object:
        lines = [[*SALES.split(), *(f"own{i}" for i in range(count))]]
        lines += [[f"{row[0]:%Y-%m-%d}", *map(str, row[1:]), *["x"] * count] for row in list_sales(6, 5)]
        path.with_name("wide.csv").write_text("\n".join(map(",".join, lines)))
        return named(path)

    return build


def build_many_closed_periods(count: int) -> Build:
    """A workbook with so many closed periods beside it, none of which is as it was."""
    book = in_tables(Sales=(SALES, list_sales(count, 20)))
    kept = pd.DataFrame(
        {
            "customer": "C1",
            "line": "gross revenue",
            "group": "",
            "level": "output-unit",
            "amount": [1.0],
            "units": 1.0,
        }
    )

    def build(path: Path) -> object:
        for month in range(count):
            period = f"{find_month(month):%Y-%m}"
            write_closed(name_closed_file(path, period), Closed(period, kept, {}, {}))
        return book(path)

    return build


PARTS: dict[str, tuple[Callable[[int], Build], int]] = {
    "names": (build_many_names, 8_000),
    "styles": (build_many_styles, 8_000),
    "sheets": (build_many_sheets, 300),
    "merged cells": (build_many_merges, 10_000),
    "rows": (build_many_rows, 4_000),
    "shared texts": (build_many_texts, 30_000),
    "formulas": (build_many_formulas, 8_000),
    "comments": (build_many_comments, 10_000),
    "links and their relationships": (build_many_links, 6_000),
    "CDATA sections": (build_many_sections, 30_000),
    "validations": (build_many_validations, 6_000),
    "conditional formats": (build_many_conditions, 6_000),
    "tables": (build_many_tables, 300),
}
"""What builds so many of a construct of the file, and how many are few of it."""

MODELS: dict[str, tuple[Callable[[int], Build], int]] = {
    "customers": (build_many_customers, 500),
    "products": (build_many_products, 500),
    "months": (build_many_months, 24),
    "activities": (build_many_activities, 30),
    "resources in a ring": (build_many_resources, 30),
    "a chain of referrals": (build_deep_chain, 500),
    "groups within groups": (build_deep_groups, 300),
    "scenarios": (build_many_scenarios, 10),
    "changes of a scenario": (build_many_changes, 300),
    "attributes": (build_many_attributes, 10),
    "values of attributes": (build_many_values, 300),
    "prospects": (build_many_prospects, 500),
    "aliases": (build_many_aliases, 1_000),
    "invoices": (build_many_invoices, 2_000),
    "commissions": (build_many_commissions, 300),
    "columns of a table": (build_many_columns, 1_600),
    "columns of an export": (build_wide_export, 800),
    "closed periods": (build_many_closed_periods, 6),
}
"""The same of the model."""
