"""Whether Excel must calculate a workbook when it opens it.

Formulas of an add-in keep the values that stand in the file until they are calculated; where the add-in is missing,
or cannot reach its server, that makes ``#NAME?`` of them. So a workbook opens with the values that it has:

- where formulas of the user's call functions that are not Excel's own (of another add-in, of a macro, of a server of
  data), whatever else is in it;
- where only formulas of ours do, if no formula of the user's depends on a result sheet or asks for the last refresh,
  and each has its value.

Any other is calculated.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import NamedTuple
from zipfile import ZipFile

from openpyxl.utils import FORMULAE

from xlprofit.formulas import REGISTRY
from xlprofit.markup import escape_markup
from xlprofit.ooxml.listing import CALCULATED, Listed, Listing, visit_defined_names
from xlprofit.ooxml.marks import has_no_formulas
from xlprofit.ooxml.package import MACRO_SHEETS, read_part
from xlprofit.ooxml.splice import Element
from xlprofit.ooxml.tags import match_texts
from xlprofit.sheets.names import list_former_names
from xlprofit.sheets.parts import Sheet

LATER = """
ACOT ACOTH AGGREGATE ANCHORARRAY ARABIC ARRAYTOTEXT BASE BETA.DIST BETA.INV BINOM.DIST BINOM.DIST.RANGE
BINOM.INV BITAND BITLSHIFT BITOR BITRSHIFT BITXOR BYCOL BYROW CEILING.MATH CEILING.PRECISE CHISQ.DIST
CHISQ.DIST.RT CHISQ.INV CHISQ.INV.RT CHISQ.TEST CHOOSECOLS CHOOSEROWS COMBINA CONCAT CONFIDENCE.NORM
CONFIDENCE.T COT COTH COVARIANCE.P COVARIANCE.S CSC CSCH DAYS DBCS DECIMAL DROP ENCODEURL ERF.PRECISE
ERFC.PRECISE EXPAND EXPON.DIST F.DIST F.DIST.RT F.INV F.INV.RT F.TEST FILTER FILTERXML FLOOR.MATH
FLOOR.PRECISE FORECAST.ETS FORECAST.ETS.CONFINT FORECAST.ETS.SEASONALITY FORECAST.ETS.STAT
FORECAST.LINEAR FORMULATEXT GAMMA GAMMA.DIST GAMMA.INV GAMMALN.PRECISE GAUSS GROUPBY HSTACK HYPGEOM.DIST
IFNA IFS IMAGE IMCOSH IMCOT IMCSC IMCSCH IMSEC IMSECH IMSINH IMTAN ISFORMULA ISOMITTED ISOWEEKNUM LAMBDA
LET LOGNORM.DIST LOGNORM.INV MAKEARRAY MAP MAXIFS MINIFS MODE.MULT MODE.SNGL MUNIT NEGBINOM.DIST
NORM.DIST NORM.INV NORM.S.DIST NORM.S.INV NUMBERVALUE PDURATION PERCENTILE.EXC PERCENTILE.INC PERCENTOF
PERCENTRANK.EXC PERCENTRANK.INC PERMUTATIONA PHI PIVOTBY POISSON.DIST QUARTILE.EXC QUARTILE.INC RANDARRAY
RANK.AVG RANK.EQ REDUCE REGEXEXTRACT REGEXREPLACE REGEXTEST RRI SCAN SEC SECH SEQUENCE SHEET SHEETS
SINGLE SKEW.P SORT SORTBY STDEV.P STDEV.S SWITCH T.DIST T.DIST.2T T.DIST.RT T.INV T.INV.2T T.TEST TAKE
TEXTAFTER TEXTBEFORE TEXTJOIN TEXTSPLIT TOCOL TOROW TRANSLATE TRIMRANGE UNICHAR UNICODE UNIQUE USDOLLAR
VALUETOTEXT VAR.P VAR.S VSTACK WEBSERVICE WEIBULL.DIST WRAPCOLS WRAPROWS XLOOKUP XMATCH XOR Z.TEST
"""
"""Functions that came to Excel after 2007, which some programs write without the prefix that they have in a file."""

_SERVED = frozenset(name for name in FORMULAE if name == "RTD" or name.startswith("CUBE"))
"""Functions of Excel's own that ask a server for their values."""

_OURS = frozenset(name.upper() for name in REGISTRY)
_EXCELS = (frozenset(FORMULAE) | frozenset(LATER.split())) - _SERVED
_EXCELS_PREFIXES = ("_XLFN.", "_XLWS.", "_XLPM.")
_HOSTS_PREFIXES = re.compile("_XLDUDF_|_XLUDF\\.|_XLL\\.")

_LOOK_UPS = [f"{name}(".casefold() for name, function in REGISTRY.items() if function.lookup]
"""What stands in a formula that asks for the last refresh, whatever its host puts before the name."""

_TEXTS = re.compile(r"""\"(?:[^"]|"")*\"|'(?:[^']|'')*'""")
_LINKED_CALL = re.compile(r"!([^\W\d][\w.]*)\(")
_BRACKETS = re.compile(r"[^\[\]]+|[\[\]]")
_CALL = re.compile(r"(?<![\w.])([^\W\d][\w.]*)\(")


@dataclass(frozen=True)
class Opening:
    """What a workbook says of its calculation: the attributes that say it, none where it says what it said before.

    ``stale``: whether formulas of the user's that show results keep their old values until somebody calculates.
    """

    attributes: Mapping[str, str] = field(default_factory=lambda: CALCULATED)
    stale: bool = False


def plan_recalculation(book: ZipFile, old: Listing, sheets: Sequence[Sheet]) -> Opening:
    """Return what a workbook is to say of its calculation once these sheets are in it."""
    ours = {sheet.name.casefold() for sheet in sheets}
    called = {former.casefold() for sheet in sheets for former in list_former_names(sheet.name)} | ours
    words = [*map(escape_markup, called), *_LOOK_UPS]
    functions = _list_named_functions(old)
    theirs = _list_sheets_of_others(book, old, ours)
    found = [
        _scan_sheet_formulas(read_part(book, sheet.part), words, functions)
        for sheet in theirs
        if not has_no_formulas(book, sheet.part)
    ]
    found.append(_scan_formulas(_list_name_formulas(old), words, functions))
    asks, others = (any(answers) for answers in zip(*found, strict=True))
    return Opening({}, asks) if others else Opening()


def _list_sheets_of_others(book: ZipFile, old: Listing, ours: Collection[str]) -> list[Listed]:
    """Return the sheets that are not ours and have a part; ``ours`` has the names of ours, folded.

    Those of Excel 4 macros are left out: what stands there is run, and keeps no values.
    """
    others = (sheet for sheet in old.sheets if not sheet.ours and sheet.name.casefold() not in ours)
    kinds = {sheet.part: old.relations[sheet.relation].kind for sheet in old.sheets if sheet.part}
    return [s for s in others if s.part in book.NameToInfo and kinds.get(s.part) not in MACRO_SHEETS]


def has_foreign_calls(formula: str, functions: Collection[str] = ()) -> bool:
    """Whether a formula calls a function that is not Excel's own, nor ours, nor one of the workbook's ``functions``.

    >>> [has_foreign_calls(text) for text in ('BDH("ACME US Equity","PX_LAST")', "[1]!BDP(A1)", "_xll.QUERY(A1)")]
    [True, True, True]
    >>> has_foreign_calls('IF(A1="BDH(x)",SUM(Sales[net (EUR)]),_xlfn.XLOOKUP(1,A:A,B:B))')
    False
    """
    bare = _TEXTS.sub("", unescape(formula))
    linked = {name.upper() for name in _LINKED_CALL.findall(bare)}
    bare = _LINKED_CALL.sub("(", bare)
    called = {_HOSTS_PREFIXES.sub("", name.upper(), count=1) for name in _CALL.findall(_strip_brackets(bare))}
    others = {name for name in called - _EXCELS - set(functions) if not name.startswith(_EXCELS_PREFIXES)}
    return bool((linked | others) - _OURS)


def _strip_brackets(formula: str) -> str:
    """Return a formula without what stands in square brackets, however deep."""
    if "[" not in formula:
        return formula
    kept: list[str] = []
    opened: list[int] = []
    for word in _BRACKETS.findall(formula):
        if word == "]" and opened:
            del kept[opened.pop() :]
            continue
        if word == "[":
            opened.append(len(kept))
        kept.append(word)
    return "".join(kept)


def _list_named_functions(old: Listing) -> frozenset[str]:
    """Return the names, in capitals, that the user gave to formulas; a LAMBDA among them is called by its name."""
    found: set[str] = set()

    def collect(place: Element) -> None:
        if place.attribute("function") not in ("1", "true"):
            found.add(place.attribute("name").upper())

    visit_defined_names(old, collect)
    return frozenset(found)


def _list_name_formulas(old: Listing) -> list[str]:
    """Return what the user's own names stand for."""
    ours = {str(index) for index, sheet in enumerate(old.sheets) if sheet.ours}
    found: set[str] = set()

    def collect(place: Element) -> None:
        if place.attribute("localSheetId") not in ours:
            found.add(_fold_xml_case(old.xml[place.inner : place.outer]))

    visit_defined_names(old, collect)
    return list(found)


def _fold_xml_case(xml: bytes) -> str:
    return xml.decode("utf-8", "replace").casefold()


class _Scan(NamedTuple):
    """Whether a formula on a sheet asks for what we write, or calls what is not Excel's."""

    asks: bool
    others: bool


def _scan_sheet_formulas(xml: bytes, words: Collection[str], functions: Collection[str]) -> _Scan:
    """Return what the formulas on a sheet do; those ask that have one of these words."""
    texts = {found[2] or b"" for found in match_texts("f").finditer(xml)}
    return _scan_formulas({_fold_xml_case(text) for text in texts}, words, functions)


def _scan_formulas(texts: Collection[str], words: Collection[str], functions: Collection[str]) -> _Scan:
    """Return what formulas do; those ask that have one of these words."""
    asks = any(word in text for text in texts for word in words)
    return _Scan(asks, any(has_foreign_calls(text, functions) for text in texts if "(" in text))
