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
    ignore = ["Currency"]                      # columns that nothing is read from, whatever they say of the rows
distinct = false                           # true: rows that are alike are kept once (customers of an order list)
    drop = [{ header = "Status", is = ["Draft"] }, { header = "Customer", matches = "^Total " }]
    keep = [{ header = "Type", is = ["Invoice", "Credit Memo"] }]

    [tables.columns]                           # column of the table = header in the file
    customer = "Customer ID"
    date = { header = ["Order Date", "Date"], order = "day" }    # the first of several headers that is there
    gross_revenue = { header = "Sales", decimal = ",", sign = "turned" }
    cogs = { header = "Profit", rule = "profit" }

    [tables.months]                            # months as columns: a row for each month and customer
    date = "date"                              # the column that gets the month's last day
    value = "gross_revenue"                    # the column that gets the cell
    year = 2024                                # where the headers name none

What a column may say, beside its ``header`` (or ``position``, counted from 1, of a column without a header; or
``value``, the same in every row):

=================  ==================================================================================================
``order``          ``"day"`` or ``"month"``: which of the two comes first in a date such as 01/02/2024
``form``           the form of a date as ``%d%m`` says it; or ``"period"`` for 001.2024 (SAP: period and year),
                   ``"month"`` for Mar 2024 (its last day), ``"worded"`` for 05-MAR-24, ``"serial"`` for Excel's 45297
``year_in``        ``{ row = 1, column = 13 }``: the cell whose first four digits are the year that a form lacks
``decimal``        ``","`` or ``"."``: the mark that parts decimals
``sign``           ``"turned"``: every amount is written with the opposite sign
``negative_if``    a condition, such as ``{ header = "S/H", is = ["S"] }``: amounts of these rows are negative
``unit``           ``"hours"``, ``"minutes"``: a duration, and what a plain number there counts; it becomes hours
``scale``          what each number is multiplied by: 1000
``negative_suffix`` what stands behind amounts that are negative: ``"Cr"``; the other word of the pair is dropped
``fill_down``      ``true``: a blank cell means the one above
``heading``        ``true``: the value stands alone in a row above the rows that it is for
``year``           a header: the column with the year of a date of which this one has the month
``extract``        a regular expression; its first group, where it is found, is the value
``rule``           ``"profit"`` (of a cost: revenue − it), ``"margin"`` (revenue × (1 − it))
``times``          a header: multiplied by that column (a unit price, times the quantity)
``minus``          a header: less that column (credit minus debit)
``sure``           ``false``: taken by its content alone and not confirmed yet; a warning says so until it is
=================  ==================================================================================================

A condition has a ``header`` (or several, or a ``position``) and one of ``is`` (words, compared without case and blanks
around them), ``matches`` (a regular expression that is found) or ``blank`` (true or false); with ``fill_down = true`` a
blank cell means the one above. Several ``[[tables]]`` of one table are put together: each is for other rows.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, cast

from xlprofit.errors import UnknownNameError, XlprofitError
from xlprofit.messages import _
from xlprofit.tables import SOURCED, TABLES, header_key

Order = Literal["", "day", "month"]
Rule = Literal["", "profit", "margin"]
Measure = Literal["", "hours", "minutes"]


class ProfileError(XlprofitError):
    """A profile that cannot be understood, or that does not fit the file it is for."""


@dataclass(frozen=True)
class Condition:
    """Which rows are meant: those whose cell under a header is one of some words, matches, or is blank."""

    headers: tuple[str, ...] = ()
    position: int = 0
    among: tuple[str, ...] = ()
    matches: str = ""
    blank: bool | None = None
    fill_down: bool = False


@dataclass(frozen=True)
class YearPlace:
    """The cell that has the year of dates without one; both count from 1."""

    row: int
    column: int


@dataclass(frozen=True)
class ColumnRule:
    """How one column of a table is read from an export, as the module's docstring says."""

    headers: tuple[str, ...] = ()
    position: int = 0
    value: str = ""
    order: Order = ""
    form: str = ""
    year_in: YearPlace | None = None
    decimal: str = ""
    sign: str = ""
    negative_if: Condition | None = None
    unit: Measure = ""
    scale: float = 1.0
    negative_suffix: str = ""
    fill_down: bool = False
    heading: bool = False
    year: str = ""
    extract: str = ""
    rule: Rule = ""
    times: str = ""
    minus: str = ""
    sure: bool = True


@dataclass(frozen=True)
class Months:
    """Months as columns: which columns of the table get the month and the cell, and the year that headers lack."""

    date: str
    value: str
    year: int = 0


@dataclass(frozen=True)
class TableRule:
    """How one table is read from an export. A ``header_row`` of 0 is to be found; −1 says that there is none."""

    table: str
    columns: Mapping[str, ColumnRule]
    sheet: str = ""
    header_row: int = 0
    distinct: bool = False
    drop: tuple[Condition, ...] = ()
    keep: tuple[Condition, ...] = ()
    months: Months | None = None
    ignore: tuple[str, ...] = ()


@dataclass(frozen=True)
class Profile:
    """How one kind of export becomes tables."""

    tables: tuple[TableRule, ...]
    name: str = ""
    about: str = ""
    first_line: str = ""
    headers: tuple[str, ...] = ()
    encoding: str = ""
    delimiter: str = ""

    def find_table_rule(self, table: str) -> TableRule | None:
        """Return the rule of a table; ``None`` where there is none."""
        return next((rule for rule in self.tables if rule.table == table), None)


# --- reading ---------------------------------------------------------------------------------------


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
    path = (folder or Path()) / Path(name).expanduser()
    if path.suffix.lower() != ".toml":
        raise UnknownNameError(name, tuple(list_ready_profiles()), "profile")
    return read_profile(path)


def read_profile(path: Path) -> Profile:
    """Return the profile in a TOML file.

    Raises:
        ProfileError: there is no such file, or it is no profile.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeError) as error:
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
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(
            _("{label} is not TOML ({reason})", label=label, reason=str(error)),
            _("See the section Profiles of docs/import.md"),
        ) from error
    recognise, file = _section(found, "recognise", label), _section(found, "file", label)
    _refuse_unknown(found, ("name", "about", "recognise", "file", "tables"), label)
    _refuse_unknown(recognise, ("first_line", "headers"), label)
    _refuse_unknown(file, ("encoding", "delimiter"), label)
    tables = found.get("tables", [])
    if not isinstance(tables, list) or not tables:
        raise _refusal(label, "tables")
    first_line = _string(recognise, "first_line", label)
    _refuse_pattern(first_line, label)
    return Profile(
        tuple(_parse_table(table, label) for table in tables),
        _string(found, "name", label),
        _string(found, "about", label),
        first_line,
        _strings(recognise.get("headers", []), "headers", label),
        _string(file, "encoding", label),
        _string(file, "delimiter", label),
    )


@cache
def list_ready_profiles() -> Mapping[str, Profile]:
    """Return the profiles that come with the package, by the name of their file."""
    found = sorted(files("xlprofit.importing").joinpath("profiles").iterdir(), key=lambda path: path.name)
    return {
        path.name.removesuffix(".toml"): parse_profile(path.read_text(encoding="utf-8"), path.name)
        for path in found
        if path.name.endswith(".toml")
    }


def _parse_table(found: object, label: str) -> TableRule:
    if not isinstance(found, dict):
        raise _refusal(label, "tables")
    names = ("table", "sheet", "header_row", "ignore", "distinct", "drop", "keep", "columns", "months")
    _refuse_unknown(found, names, label)
    table = _string(found, "table", label)
    if table not in SOURCED:
        raise UnknownNameError(table, SOURCED, "table that may come from a source")
    columns = found.get("columns", {})
    if not isinstance(columns, dict):
        raise _refusal(label, "columns")
    return TableRule(
        table,
        {name: _parse_column(rule, f"{label}: {table}.{name}") for name, rule in columns.items()},
        _string(found, "sheet", label),
        _whole(found, "header_row", label),
        bool(found.get("distinct", False)),
        tuple(_parse_condition(one, label) for one in found.get("drop", [])),
        tuple(_parse_condition(one, label) for one in found.get("keep", [])),
        _parse_months(found["months"], label) if "months" in found else None,
        _strings(found.get("ignore", []), "ignore", label),
    )


def _parse_months(found: object, label: str) -> Months:
    if not isinstance(found, dict) or not {"date", "value"} <= found.keys():
        raise _refusal(label, "months")
    _refuse_unknown(found, ("date", "value", "year"), label)
    return Months(_string(found, "date", label), _string(found, "value", label), _whole(found, "year", label))


def _parse_column(found: object, label: str) -> ColumnRule:
    if isinstance(found, str | list):
        return ColumnRule(headers=_strings(found, "header", label))
    if not isinstance(found, dict):
        raise _refusal(label, "header")
    known = {"header", *(f.name for f in fields(ColumnRule) if f.name != "headers")}
    _refuse_unknown(found, known, label)
    texts = ("value", "order", "form", "decimal", "sign", "unit", "extract", "rule", "times", "minus", "year")
    said: dict[str, Any] = {
        name: _string(found, name, label) for name in (*texts, "negative_suffix") if name in found
    }
    for name, allowed in _CHOICES.items():
        if said.get(name, "") not in ("", *allowed):
            raise ProfileError(
                _("{label}: {name} is {value}, which it cannot be", label=label, name=name, value=said[name]),
                _("Write one of {words}", words=", ".join(allowed)),
            )
    _refuse_pattern(said.get("extract", ""), label)
    place = found.get("year_in")
    if place is not None and not (isinstance(place, dict) and {"row", "column"} == place.keys()):
        raise _refusal(label, "year_in")
    return ColumnRule(
        headers=_strings(found.get("header", []), "header", label),
        position=_whole(found, "position", label),
        year_in=YearPlace(int(place["row"]), int(place["column"])) if place else None,
        negative_if=_parse_condition(found["negative_if"], label) if "negative_if" in found else None,
        scale=float(found.get("scale", 1.0)),
        fill_down=bool(found.get("fill_down", False)),
        heading=bool(found.get("heading", False)),
        sure=bool(found.get("sure", True)),
        **said,
    )


_CHOICES = {
    "order": ("day", "month"),
    "decimal": (",", "."),
    "sign": ("turned",),
    "unit": ("hours", "minutes"),
    "rule": ("profit", "margin"),
}


def _parse_condition(found: object, label: str) -> Condition:
    if not isinstance(found, dict):
        raise _refusal(label, "header")
    _refuse_unknown(found, ("header", "position", "is", "matches", "blank", "fill_down"), label)
    condition = Condition(
        _strings(found.get("header", []), "header", label),
        _whole(found, "position", label),
        _strings(found.get("is", []), "is", label),
        _string(found, "matches", label),
        found.get("blank"),
        bool(found.get("fill_down", False)),
    )
    _refuse_pattern(condition.matches, label)
    if not (condition.headers or condition.position):
        raise _refusal(label, "header")
    return condition


def _section(found: Mapping[str, object], name: str, label: str) -> Mapping[str, object]:
    section = found.get(name, {})
    if not isinstance(section, dict):
        raise _refusal(label, name)
    return cast(Mapping[str, object], section)


def _string(found: Mapping[str, object], name: str, label: str) -> str:
    value = found.get(name, "")
    if not isinstance(value, str):
        raise _refusal(label, name)
    return value


def _strings(found: object, name: str, label: str) -> tuple[str, ...]:
    several = [found] if isinstance(found, str) else found
    if not isinstance(several, list) or not all(isinstance(one, str) for one in several):
        raise _refusal(label, name)
    return tuple(several)


def _whole(found: Mapping[str, object], name: str, label: str) -> int:
    value = found.get(name, 0)
    if not isinstance(value, int):
        raise _refusal(label, name)
    return value


def _refuse_pattern(pattern: str, label: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ProfileError(
            _("{label}: {pattern} is no regular expression", label=label, pattern=pattern)
        ) from error


def _refuse_unknown(found: Mapping[str, object], known: Any, label: str) -> None:
    for name in found:
        if name not in known:
            raise ProfileError(
                _("{label}: a profile does not know {name}", label=label, name=name),
                _("It may have {words}", words=", ".join(sorted(known))),
            )


def _refusal(label: str, name: str) -> ProfileError:
    return ProfileError(
        _("{label}: {name} is missing, or is not what it must be", label=label, name=name),
        _("See the section Profiles of docs/import.md"),
    )


# --- writing ---------------------------------------------------------------------------------------


def write_profile(profile: Profile) -> str:
    """Return a profile as TOML, as :func:`parse_profile` reads it."""
    lines = [
        f"{name} = {_quote_toml(text)}" for name in ("name", "about") if (text := getattr(profile, name))
    ]
    if profile.first_line or profile.headers:
        lines += ["", "[recognise]"]
        lines += [f"first_line = {_quote_toml(profile.first_line)}"] if profile.first_line else []
        lines += [f"headers = {_quote_toml(list(profile.headers))}"] if profile.headers else []
    if profile.encoding or profile.delimiter:
        lines += ["", "[file]"]
        lines += [
            f"{n} = {_quote_toml(getattr(profile, n))}"
            for n in ("encoding", "delimiter")
            if getattr(profile, n)
        ]
    for rule in profile.tables:
        lines += ["", *_write_table_rule(rule)]
    return "\n".join(lines).lstrip("\n") + "\n"


def keep_table(profile: Profile, table: str) -> Profile:
    """Return a profile with the rule of one table alone."""
    return replace(profile, tables=tuple(rule for rule in profile.tables if rule.table == table))


def _write_table_rule(rule: TableRule) -> list[str]:
    lines = ["[[tables]]", f"table = {_quote_toml(rule.table)}"]
    lines += [f"sheet = {_quote_toml(rule.sheet)}"] if rule.sheet else []
    lines += [f"header_row = {rule.header_row}"] if rule.header_row else []
    lines += [f"ignore = {_quote_toml(list(rule.ignore))}"] if rule.ignore else []
    lines += ["distinct = true"] if rule.distinct else []
    for name in ("drop", "keep"):
        conditions = [_write_condition(one) for one in getattr(rule, name)]
        lines += [f"{name} = [{', '.join(conditions)}]"] if conditions else []
    lines += ["", "[tables.columns]"]
    lines += [f"{_write_key(name)} = {_write_column(column)}" for name, column in rule.columns.items()]
    if rule.months is not None:
        lines += ["", "[tables.months]"]
        lines += [f"date = {_quote_toml(rule.months.date)}", f"value = {_quote_toml(rule.months.value)}"]
        lines += [f"year = {rule.months.year}"] if rule.months.year else []
    return lines


def _write_column(rule: ColumnRule) -> str:
    header: object = rule.headers[0] if len(rule.headers) == 1 else list(rule.headers)
    parts = {"header": _quote_toml(header)} if rule.headers else {}
    for one in fields(ColumnRule):
        value = getattr(rule, one.name)
        if one.name == "headers" or value == one.default:
            continue
        if isinstance(value, Condition):
            parts[one.name] = _write_condition(value)
        elif isinstance(value, YearPlace):
            parts[one.name] = f"{{ row = {value.row}, column = {value.column} }}"
        else:
            parts[one.name] = _quote_toml(value)
    if list(parts) == ["header"]:
        return parts["header"]
    return "{ " + ", ".join(f"{name} = {text}" for name, text in parts.items()) + " }"


def _write_condition(condition: Condition) -> str:
    said = {
        "header": condition.headers[0] if len(condition.headers) == 1 else list(condition.headers),
        "position": condition.position,
        "is": list(condition.among),
        "matches": condition.matches,
    }
    parts = [f"{name} = {_quote_toml(value)}" for name, value in said.items() if value]
    parts += [f"blank = {_quote_toml(condition.blank)}"] if condition.blank is not None else []
    parts += ["fill_down = true"] if condition.fill_down else []
    return "{ " + ", ".join(parts) + " }"


def _write_key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _quote_toml(name)


def _quote_toml(value: object) -> str:
    """Return a value as TOML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list):
        return "[" + ", ".join(map(_quote_toml, value)) + "]"
    text = str(value)
    if "'" not in text and re.search(r'[\\"]', text) and text.isprintable():
        return f"'{text}'"
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in escaped) + '"'


def name_own_column(rule: TableRule, name: str) -> str:
    """Return the table's own name of a column that a profile names; a driver's stays as it is."""
    known = {header_key(column.name): column.name for column in TABLES[rule.table].columns}
    return known.get(header_key(name), name)
