"""Profiles: how one kind of export becomes tables, as a TOML file that a person can read and write.

A whole profile::

    name = "Order list of the web shop"        # what messages call it
    about = "Orders > Export > CSV"            # where the export is made; for the reader alone

    [recognise]                                # when the profile is taken without a question; all must hold
    first_line = '^"?EXTF'                     # a regular expression that is found in the first line
    headers = ["Order Date", "Customer ID"]    # headers that are all there, compared without case and blanks

    [file]                                     # of a file of text; what is left out is found out
    encoding = "cp1252"
    delimiter = ";"

    [[tables]]                                 # one for each table; several may read one sheet
    table = "Sales"
    sheet = "Orders"                           # of a workbook; left out: the first with the headers
    header_row = 5                             # left out: found, as the row with the headers
    unused = ["Discount"]                      # known columns that are not read; another new one is a warning
    ignore = ["Currency"]                      # columns that nothing is read from, whatever they say of the rows
    distinct = false                           # true: rows that are alike are kept once (customers of an order list)
    drop = [{ header = "Status", is = ["Draft"] }, { header = "Customer", matches = "^Total " }]
    keep = [{ header = "Type", is = ["Invoice", "Credit Memo"] }]

    heads = { sheet = "Orders", header = "No.", own = "Order No." }   # the orders that its rows are lines of

    [tables.columns]                           # column of the table = header in the file
    customer = "Customer ID"
    date = { header = ["Order Date", "Date"], order = "day" }    # the first of several headers that is there
    gross_revenue = { header = "Sales", decimal = ",", sign = "turned" }
    cogs = { header = "Profit", rule = "profit" }

    [tables.months]                            # months as columns: a row for each month and customer
    date = "date"                              # the column that gets the month's last day
    value = "gross_revenue"                    # the column that gets the cell
    year = 2024                                # where the headers name none
    year_header = "Year"                       # or the column that says it in each row
    values = { cogs = "Cost" }                 # further measures, by the word that stands beside the month

    [tables.measures]                          # key figures below each other: a column for each
    header = "Key figure"
    values = { gross_revenue = "Revenue", cogs = "Cost of sales" }   # or profit = "Margin" in place of the cost

    [tables.weekdays]                          # weekdays as columns: a row for each day
    date = "date"                              # the column with the week's first day, which gets the day
    value = "quantity"                         # the column that gets the cell

What a column may say, beside its ``header`` (or ``position``, counted from 1, of a column without a header; or
``value``, the same in every row):

=================  ==================================================================================================
``order``          ``"day"`` or ``"month"``: which of the two comes first in a date such as 01/02/2024
``form``           the form of a date as ``%d%m`` says it; or ``"period"`` for 001.2024 (SAP: period and year),
                   ``"month"`` for Mar 2024 (its last day), ``"week"`` for 2024-W10 (its Thursday), ``"worded"`` for
                   05-MAR-24, ``"serial"`` for Excel's 45297
``year_in``        ``{ row = 1, column = 13 }``: the cell whose first four digits are the year that a form lacks
``decimal``        ``","`` or ``"."``: the mark that parts decimals
``sign``           ``"turned"``: every amount is written with the opposite sign
``negative_if``    a condition, such as ``{ header = "S/H", is = ["S"] }``: amounts of these rows are negative
``unit``           ``"hours"``, ``"minutes"``, ``"seconds"``: a duration, and what a plain number there counts; it
                   becomes hours
``scale``          what each number is multiplied by: 1000
``negative_suffix`` what stands behind amounts that are negative: ``"Cr"``; the other word of the pair is dropped
``fill_down``      ``true``: a blank cell means the one above
``heading``        ``true``: the value stands alone in a row above the rows that it is for
``year``           a header: the column with the year of a date of which this one has the month
``after``          a header: the cell says how many days after the day in that column (terms of payment)
``currency``       the currency of the amounts, whatever a column of currencies says of the document
``beside``         a header: where the cell is blank, that of this column counts
``otherwise``      what counts where the cell is blank all the same
``extract``        a regular expression; its first group, where it is found, is the value
``rule``           ``"profit"`` (of a cost: revenue − it), ``"margin"`` (revenue × (1 − it))
``times``          a header: multiplied by that column (a unit price, times the quantity)
``per``            a header: divided by that column (for how many units the price is)
``minus``          a header: less that column (credit minus debit)
``tax_rate``       a header: without the tax at the rate in that column
``tax``, ``total`` headers: less the share that the tax has in the total (refunds with their tax)
``once``           a header: an amount that is repeated in the rows of one order, counted in the first of them alone
``less``           headers: less those columns too (a second tax)
``deducted``       ``"amount"``, ``"share"``, ``"percent"``: a discount that is off the revenue already, and how it is
                   written; the revenue is then before it
``compact``        ``true``: it stands in the column of another one, in rows above it that add up those below (pivots)
``usual``          the amount in the middle when the profile was made: amounts of quite another size are a warning
``doubt``          what is not known (``"tax"``, ``"each"``, ``"repeated"``…), and ``instead`` the column that it is
                   about; a warning with the other total says so until the line is taken out
``sure``           ``false``: taken by its content alone and not confirmed yet; a warning says so until it is
=================  ==================================================================================================

A condition has a ``header`` (or several, or a ``position``) and one of ``is`` (words, compared without case and blanks
around them), ``matches`` (a regular expression that is found) or ``blank`` (true or false). With ``fill_down = true`` a
blank cell means the one above; ``without`` are headers under which the row is blank, though it is not the only cell.
Several ``[[tables]]`` of one table are put together: each is for other rows.

``heads`` joins the lines of orders to the orders, which have the customer and the day: ``sheet`` is that of the orders,
``header`` their number there, ``own`` the number on the lines; ``file`` is the file beside it that has the orders. The
columns of an order stand behind those of each of its lines then, but for its amounts.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import fields, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

from xlprofit.errors import UnknownNameError
from xlprofit.importing.profiles.profile_fields import (
    ProfileError,
    build_refusal,
    quote_toml,
    read_list_field,
    read_number_field,
    read_section,
    read_text_field,
    read_text_fields,
    read_whole_field,
    refuse_pattern,
    refuse_unknown_fields,
    write_pairs,
    write_toml_key,
)
from xlprofit.importing.profiles.rules import (
    ColumnRule,
    Deducted,
    Doubt,
    Heads,
    MeasureRows,
    Months,
    Profile,
    RowCondition,
    TableRule,
    Weekdays,
    YearPlace,
)
from xlprofit.messages import _
from xlprofit.sources.watch import is_plain_file
from xlprofit.tables import SOURCED, TABLES, header_key

__all__ = [
    "ColumnRule",
    "Months",
    "Profile",
    "ProfileError",
    "RowCondition",
    "TableRule",
    "YearPlace",
    "keep_table",
    "list_ready_profiles",
    "load_profile",
    "name_own_column",
    "parse_profile",
    "read_profile",
    "write_profile",
]


# --- reading ---------------------------------------------------------------------------------------


_HERE = Path()

LONGEST = 1 << 20
"""The most bytes of a profile."""


def load_profile(text: str, folder: Path | None = None) -> Profile:
    """Return a profile: a ready one by its name, one in a TOML file by its path, or one as it is written.

    ``folder`` is where a path that is not absolute starts.

    Raises:
        ProfileError: there is no such file, or it is no profile.
    """
    if "\n" in text or re.match(r"\s*\[|.*=", text):
        return parse_profile(text, _("The profile in {Sources}"))
    name = text.strip()
    if name in list_ready_profiles():
        return list_ready_profiles()[name]
    if Path(name).suffix.lower() != ".toml":
        raise UnknownNameError(name, tuple(list_ready_profiles()), "profile")
    return read_profile(Path(name), folder or Path())


def read_profile(path: Path, folder: Path = _HERE) -> Profile:
    """Return the profile in a TOML file; a path that is not absolute starts in ``folder``.

    Raises:
        ProfileError: there is no such file, or it is no profile.
    """
    try:
        whole = folder / path.expanduser()
        if whole.exists() and (not is_plain_file(whole) or whole.stat().st_size > LONGEST):
            raise ProfileError(
                _("The profile {path} is no ordinary file, or too long", path=str(path)),
                _("Correct its path, or write it with: {command}", command="xlprofit import FILE --profile"),
            )
        text = whole.read_text(encoding="utf-8-sig")
    except (OSError, ValueError, RuntimeError) as error:  # ~nobody, a NUL in the name
        raise ProfileError(
            _("The profile {path} cannot be read ({reason})", path=str(path), reason=str(error)),
            _("Correct its path, or write it with: {command}", command="xlprofit import FILE --profile"),
        ) from error
    return parse_profile(text, path.name)


def parse_profile(text: str, label: str) -> Profile:
    """Return the profile that a TOML text says; ``label`` is what messages call it.

    Raises:
        ProfileError: it is not TOML, or says what no profile can.
    """
    try:
        found = tomllib.loads(text)
    except (
        ValueError,
        RecursionError,
    ) as error:  # TOML that is none, a number of 5,000 digits, brackets in brackets
        raise ProfileError(
            _("{label} is not TOML ({reason})", label=label, reason=str(error)),
            _("See the section Profiles of docs/import.md"),
        ) from error
    recognise, file = read_section(found, "recognise", label), read_section(found, "file", label)
    refuse_unknown_fields(found, ("name", "about", "recognise", "file", "tables"), label)
    refuse_unknown_fields(recognise, ("first_line", "headers"), label)
    refuse_unknown_fields(file, ("encoding", "delimiter"), label)
    tables = found.get("tables", [])
    if not isinstance(tables, list) or not tables:
        raise build_refusal(label, "tables")
    first_line = read_text_field(recognise, "first_line", label)
    refuse_pattern(first_line, label)
    return Profile(
        tuple(_parse_table(table, label) for table in tables),
        read_text_field(found, "name", label),
        read_text_field(found, "about", label),
        first_line,
        read_text_fields(recognise.get("headers", []), "headers", label),
        read_text_field(file, "encoding", label),
        read_text_field(file, "delimiter", label),
    )


@cache
def list_ready_profiles() -> Mapping[str, Profile]:
    """Return the profiles that come with the package, by the name of their file."""
    found = sorted(files("xlprofit.importing.profiles").iterdir(), key=lambda path: path.name)
    return {
        path.name.removesuffix(".toml"): parse_profile(path.read_text(encoding="utf-8"), path.name)
        for path in found
        if path.name.endswith(".toml")
    }


def _parse_table(found: object, label: str) -> TableRule:
    if not isinstance(found, dict):
        raise build_refusal(label, "tables")
    refuse_unknown_fields(found, _TABLE_FIELDS, label)
    table = read_text_field(found, "table", label)
    if table not in SOURCED:
        raise UnknownNameError(table, SOURCED, "table that may come from a source")
    columns = found.get("columns", {})
    if not isinstance(columns, dict):
        raise build_refusal(label, "columns")
    return TableRule(
        table,
        {name: _parse_column(rule, f"{label}: {table}.{name}") for name, rule in columns.items()},
        read_text_field(found, "sheet", label),
        read_whole_field(found, "header_row", label),
        bool(found.get("distinct", False)),
        tuple(_parse_condition(one, label) for one in read_list_field(found, "drop", label)),
        tuple(_parse_condition(one, label) for one in read_list_field(found, "keep", label)),
        _parse_months(found["months"], label) if "months" in found else None,
        read_text_fields(found.get("ignore", []), "ignore", label),
        _parse_weekdays(found["weekdays"], label) if "weekdays" in found else None,
        read_text_fields(found["unused"], "unused", label) if "unused" in found else None,
        _parse_heads(found["heads"], label) if "heads" in found else None,
        _parse_measures(found["measures"], label) if "measures" in found else None,
    )


_TABLE_FIELDS = (
    *("table", "sheet", "header_row", "ignore", "distinct", "drop", "keep", "columns", "months", "weekdays"),
    *("unused", "heads", "measures"),
)


def _parse_measures(found: object, label: str) -> MeasureRows:
    if not isinstance(found, dict) or not {"header", "values"} <= found.keys():
        raise build_refusal(label, "measures")
    refuse_unknown_fields(found, ("header", "values"), label)
    values = read_section(found, "values", label)
    return MeasureRows(
        read_text_field(found, "header", label),
        {name: read_text_field(values, name, label) for name in values},
    )


def _parse_heads(found: object, label: str) -> Heads:
    names = ("sheet", "header", "own", "file")
    if not isinstance(found, dict) or not set(names[:3]) <= found.keys():
        raise build_refusal(label, "heads")
    refuse_unknown_fields(found, names, label)
    said = Heads(*(read_text_field(found, name, label) for name in names))
    if re.search(r"[/\\:\0]", said.file):  # anywhere on this computer, or on another one
        raise build_refusal(label, "heads.file")
    return said


def _parse_weekdays(found: object, label: str) -> Weekdays:
    if not isinstance(found, dict) or not {"date", "value"} <= found.keys():
        raise build_refusal(label, "weekdays")
    refuse_unknown_fields(found, ("date", "value", "last"), label)
    date, value = (read_text_field(found, name, label) for name in ("date", "value"))
    return Weekdays(date, value, bool(found.get("last", False)))


def _parse_months(found: object, label: str) -> Months:
    if not isinstance(found, dict) or not {"date", "value"} <= found.keys():
        raise build_refusal(label, "months")
    refuse_unknown_fields(found, ("date", "value", "year", "values", "year_header"), label)
    values = read_section(found, "values", label)
    return Months(
        read_text_field(found, "date", label),
        read_text_field(found, "value", label),
        read_whole_field(found, "year", label),
        {name: read_text_field(values, name, label) for name in values},
        read_text_field(found, "year_header", label),
    )


def _parse_column(found: object, label: str) -> ColumnRule:
    if isinstance(found, str | list):
        return ColumnRule(headers=read_text_fields(found, "header", label))
    if not isinstance(found, dict):
        raise build_refusal(label, "header")
    known = {"header", *(f.name for f in fields(ColumnRule) if f.name != "headers")}
    refuse_unknown_fields(found, known, label)
    said = _parse_column_texts(found, label)
    place = _parse_year_place(found["year_in"], label) if "year_in" in found else None
    return ColumnRule(
        headers=read_text_fields(found.get("header", []), "header", label),
        position=read_whole_field(found, "position", label),
        year_in=place,
        negative_if=_parse_condition(found["negative_if"], label) if "negative_if" in found else None,
        scale=read_number_field(found, "scale", label, 1.0),
        fill_down=bool(found.get("fill_down", False)),
        heading=bool(found.get("heading", False)),
        compact=bool(found.get("compact", False)),
        less=read_text_fields(found.get("less", []), "less", label),
        usual=read_number_field(found, "usual", label, 0.0),
        sure=bool(found.get("sure", True)),
        **said,
    )


def _parse_column_texts(found: Mapping[str, object], label: str) -> dict[str, Any]:
    """Return what a column says in texts, by the name in its rule."""
    said = {name: read_text_field(found, name, label) for name in _COLUMN_TEXTS if name in found}
    for name, allowed in _CHOICES.items():
        if said.get(name, "") not in ("", *allowed):
            raise ProfileError(
                _("{label}: {name} is {value}, which it cannot be", label=label, name=name, value=said[name]),
                _("Write one of {words}", words=", ".join(allowed)),
            )
    refuse_pattern(said.get("extract", ""), label)
    return said


def _parse_year_place(found: object, label: str) -> YearPlace:
    if not isinstance(found, dict) or found.keys() != {"row", "column"}:
        raise build_refusal(label, "year_in")
    return YearPlace(read_whole_field(found, "row", label), read_whole_field(found, "column", label))


_COLUMN_TEXTS = (
    *("value", "order", "form", "decimal", "sign", "unit", "extract", "rule", "times", "per", "minus"),
    *("year", "after", "currency", "beside", "otherwise"),
    *("negative_suffix", "tax_rate", "tax", "total", "once", "deducted", "doubt", "instead"),
)

_CHOICES = {
    "order": ("day", "month"),
    "decimal": (",", "."),
    "sign": ("turned",),
    "unit": ("hours", "minutes", "seconds"),
    "rule": ("profit", "margin"),
    "deducted": tuple(word for word in get_args(Deducted) if word),
    "doubt": tuple(word for word in get_args(Doubt) if word),
}


_CONDITION_FIELDS = ("header", "position", "is", "matches", "blank", "fill_down", "sure", "without")


def _parse_condition(found: object, label: str) -> RowCondition:
    if not isinstance(found, dict):
        raise build_refusal(label, "header")
    refuse_unknown_fields(found, _CONDITION_FIELDS, label)
    condition = RowCondition(
        read_text_fields(found.get("header", []), "header", label),
        read_whole_field(found, "position", label),
        read_text_fields(found.get("is", []), "is", label),
        read_text_field(found, "matches", label),
        found.get("blank"),
        bool(found.get("fill_down", False)),
        bool(found.get("sure", True)),
        read_text_fields(found.get("without", []), "without", label),
    )
    refuse_pattern(condition.matches, label)
    if not (condition.headers or condition.position):
        raise build_refusal(label, "header")
    return condition


# --- writing ---------------------------------------------------------------------------------------


def write_profile(profile: Profile) -> str:
    """Return a profile as TOML, as :func:`parse_profile` reads it."""
    lines = write_pairs({"name": profile.name, "about": profile.about})
    lines += _write_section("recognise", {"first_line": profile.first_line, "headers": profile.headers})
    lines += _write_section("file", {"encoding": profile.encoding, "delimiter": profile.delimiter})
    for rule in profile.tables:
        lines += ["", *_write_table_rule(rule)]
    return "\n".join(lines).lstrip("\n") + "\n"


def _write_section(name: str, pairs: Mapping[str, object]) -> list[str]:
    """Return a section with a blank line above it; nothing where it would be empty."""
    lines = write_pairs(pairs)
    return ["", f"[{name}]", *lines] if lines else []


def keep_table(profile: Profile, table: str) -> Profile:
    """Return a profile with the rule of one table alone."""
    return replace(profile, tables=tuple(rule for rule in profile.tables if rule.table == table))


def _write_table_rule(rule: TableRule) -> list[str]:
    names = ("table", "sheet", "header_row", "ignore", "distinct")
    lines = ["[[tables]]", *write_pairs({name: getattr(rule, name) for name in names})]
    for name in ("drop", "keep"):
        conditions = [_write_condition(one) for one in getattr(rule, name)]
        lines += [f"{name} = [{', '.join(conditions)}]"] if conditions else []
    lines += [f"unused = {quote_toml(rule.unused)}"] if rule.unused is not None else []
    if rule.heads is not None:
        said = write_pairs({one.name: getattr(rule.heads, one.name) for one in fields(Heads)})
        lines += [f"heads = {{ {', '.join(said)} }}"]
    lines += ["", "[tables.columns]"]
    lines += [f"{write_toml_key(name)} = {_write_column(column)}" for name, column in rule.columns.items()]
    if rule.months is not None:
        lines += ["", "[tables.months]"]
        lines += [f"date = {quote_toml(rule.months.date)}", f"value = {quote_toml(rule.months.value)}"]
        lines += [f"year = {rule.months.year}"] if rule.months.year else []
        lines += [f"year_header = {quote_toml(rule.months.year_header)}"] if rule.months.year_header else []
        lines += [f"values = {_write_inline(rule.months.values)}"] if rule.months.values else []
    if rule.measures is not None:
        lines += ["", "[tables.measures]", f"header = {quote_toml(rule.measures.header)}"]
        lines += [f"values = {_write_inline(rule.measures.values)}"]
    if rule.weekdays is not None:
        lines += ["", "[tables.weekdays]"]
        lines += [f"date = {quote_toml(rule.weekdays.date)}", f"value = {quote_toml(rule.weekdays.value)}"]
        lines += ["last = true"] if rule.weekdays.last else []
    return lines


def _write_inline(pairs: Mapping[str, str]) -> str:
    """Return an inline table of texts."""
    return "{ " + ", ".join(f"{write_toml_key(n)} = {quote_toml(text)}" for n, text in pairs.items()) + " }"


def _write_column(rule: ColumnRule) -> str:
    header: object = rule.headers[0] if len(rule.headers) == 1 else list(rule.headers)
    parts = {"header": quote_toml(header)} if rule.headers else {}
    for one in fields(ColumnRule):
        value = getattr(rule, one.name)
        if one.name == "headers" or value == one.default:
            continue
        if isinstance(value, RowCondition):
            parts[one.name] = _write_condition(value)
        elif isinstance(value, YearPlace):
            parts[one.name] = f"{{ row = {value.row}, column = {value.column} }}"
        else:
            parts[one.name] = quote_toml(value)
    if list(parts) == ["header"]:
        return parts["header"]
    return "{ " + ", ".join(f"{name} = {text}" for name, text in parts.items()) + " }"


def _write_condition(condition: RowCondition) -> str:
    said = {
        "header": condition.headers[0] if len(condition.headers) == 1 else list(condition.headers),
        "position": condition.position,
        "is": list(condition.among),
        "matches": condition.matches,
        "without": list(condition.without),
    }
    parts = write_pairs(said)
    parts += [f"blank = {quote_toml(condition.blank)}"] if condition.blank is not None else []
    parts += ["fill_down = true"] if condition.fill_down else []
    parts += [] if condition.sure else ["sure = false"]
    return "{ " + ", ".join(parts) + " }"


def name_own_column(rule: TableRule, name: str) -> str:
    """Return the table's own name of a column that a profile names; a driver's stays as it is."""
    known = {header_key(column.name): column.name for column in TABLES[rule.table].columns}
    return known.get(header_key(name), name)
