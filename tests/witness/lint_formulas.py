"""What Excel does not take for a formula, or takes for one that shows #NAME?."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token, TokenizerError
from openpyxl.utils import FORMULAE

from tests.witness.book import read_block
from xlprofit.formulas import REGISTRY

LONGEST, LONGEST_LITERAL, MOST_ARGUMENTS = 8192, 255, 255
SINCE_2007 = {"IFERROR", "SUMIFS", "COUNTIFS", "AVERAGEIF", "AVERAGEIFS"}
OWN = {name.upper() for name in REGISTRY} | {"XLPROFIT_LAST_ERROR"}
"""Formulas of the add-in, which stand in a file by their plain names."""

PREFIXED = {
    *(
        "CONCAT",
        "FILTER",
        "IFNA",
        "IFS",
        "LET",
        "LAMBDA",
        "MAXIFS",
        "MINIFS",
        "SEQUENCE",
        "SORT",
        "SORTBY",
        "SWITCH",
    ),
    *(
        "TEXTJOIN",
        "UNIQUE",
        "XLOOKUP",
        "XMATCH",
        "TAKE",
        "DROP",
        "HSTACK",
        "VSTACK",
        "CHOOSECOLS",
        "ANCHORARRAY",
    ),
    *("SINGLE", "STDEV.S", "STDEV.P", "PERCENTILE.INC", "QUARTILE.INC", "RANK.EQ", "NORM.S.INV", "DAYS"),
}
"""Functions of 2010 and later, which stand in a file behind ``_xlfn.``."""

ERRORS = {"#N/A", "#VALUE!", "#DIV/0!", "#NUM!", "#NAME?", "#NULL!"}
_TABLE = re.compile(r"([^\W\d][\w.]*)\[(.*)\]", re.DOTALL)
_PLACED = re.compile(r"(?:'((?:[^']|'')+)'|([^\W\d][\w.]*))!(.+)")
_COLUMN = re.compile(r"\[?([^\[\]#@]+)\]?")


@dataclass(frozen=True)
class Names:
    """What a formula may name: sheets, defined names, and tables with their columns; all in lower case."""

    sheets: frozenset[str]
    defined: frozenset[str]
    tables: Mapping[str, frozenset[str]]


def lint_formula(text: str, names: Names) -> Iterator[str]:
    """Yield what is wrong with a formula as it stands in a file, without its equals sign."""
    if not text or text.startswith("=") or len(text) > LONGEST:
        yield f"the formula {text[:60]!r}"
        return
    try:
        tokens = Tokenizer(f"={text}").items
    except (TokenizerError, IndexError):
        yield f"no formula: {text[:80]}"
        return
    if _count_open(tokens) or (tokens and tokens[-1].type == Token.OP_IN):
        yield f"a formula without its end: {text[:80]}"
    in_array = 0
    for token in tokens:
        in_array += (token.type == Token.ARRAY) * (1 if token.subtype == Token.OPEN else -1)
        if token.value == ";" and not in_array:
            yield f"a semicolon between arguments: {text[:80]}"
        if token.type == Token.FUNC and token.subtype == Token.OPEN:
            yield from _lint_function(token.value.rstrip("("))
        elif token.type == Token.OPERAND:
            yield from _lint_operand(token, names)


def _count_open(tokens: list[Token]) -> int:
    opened = 0
    for token in tokens:
        opened += (token.subtype == Token.OPEN) - (token.subtype == Token.CLOSE)
    return opened


def _lint_function(name: str) -> Iterator[str]:
    plain = name.upper()
    if plain.startswith(("_XLFN.", "_XLWS.")):
        if plain.rpartition("_XLFN.")[2].rpartition("_XLWS.")[2] not in PREFIXED:
            yield f"no function of Excel's: {name}"
    elif plain in PREFIXED:
        yield f"{name} without _xlfn."
    elif plain not in FORMULAE and plain not in SINCE_2007 and plain not in OWN:
        yield f"no function of Excel's: {name}"


def _lint_operand(token: Token, names: Names) -> Iterator[str]:
    said = token.value
    if token.subtype == Token.TEXT and len(said) - 2 > LONGEST_LITERAL:
        yield f"a text of {len(said) - 2} letters in a formula"
    if token.subtype == Token.ERROR and said.upper() not in ERRORS:
        yield f"{said} in a formula"
    if token.subtype != Token.RANGE:
        return
    placed = _PLACED.fullmatch(said)
    if placed:
        sheet = (placed[1] or placed[2]).replace("''", "'")
        if sheet.casefold() not in names.sheets:
            yield f"a formula names the sheet {sheet}, which is not there"
        said = placed[3]
    table = _TABLE.fullmatch(said)
    if table:
        yield from _lint_table_reference(table[1], table[2], names)
    elif read_block(said.upper().rstrip("#")) is None and said.casefold() not in names.defined | set(
        names.tables
    ):
        yield f"a formula names {said}, which is not there"


def _lint_table_reference(table: str, inner: str, names: Names) -> Iterator[str]:
    columns = names.tables.get(table.casefold())
    if columns is None:
        yield f"a formula names the table {table}, which is not there"
        return
    for column in _COLUMN.findall(re.sub(r"\[?#[A-Za-z ]+\]?,?", "", inner)):
        if column.strip(" ,:") and column.replace("'", "").casefold() not in columns:
            yield f"a formula names the column {column} of {table}, which is not there"
