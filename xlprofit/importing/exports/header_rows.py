"""Header rows: in which row of an export the headers stand, below titles and blank lines; and rows that repeat them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import pairwise

from xlprofit.addresses import MOST_COLUMNS
from xlprofit.importing.exports.contents import CellKind, kind_of_cell
from xlprofit.importing.exports.export import Cell, ExportSheet, cut_off_right, is_blank_cell
from xlprofit.importing.exports.headings import rank_headings
from xlprofit.importing.exports.months import read_header, read_month
from xlprofit.reading.headers import has_other_meaning, read_name
from xlprofit.reading.word_patterns import compile_words, join_words
from xlprofit.tables import SOURCED, TABLES, header_key

DEPTH = 60
"""In so many rows from the top the headers are looked for."""

BELOW = 60
"""So many rows below a row are looked at to tell whether it heads them."""

FEWEST_MONTHS = 3
"""So many headers that are months make a table with months as columns."""


@cache
def list_known_headers() -> Mapping[str, frozenset[str]]:
    """Return the tables that know a header, by the key of every header that any table knows."""
    found: dict[str, set[str]] = {}
    for table in SOURCED:
        for column in TABLES[table].columns:
            for key in rank_headings(table, column.name):
                found.setdefault(key, set()).add(table)
    return {key: frozenset(tables) for key, tables in found.items()}


@lru_cache(MOST_COLUMNS)
def is_known(header: str) -> bool:
    """Whether any table knows a header, or it is known to mean what none has."""
    known = list_known_headers()
    keys = {header_key(header), read_name(header)}
    return not keys.isdisjoint(known) or has_other_meaning(header)


def find_header_row(sheet: ExportSheet) -> int:
    """Return the row with the headers, counted from 1; −1 where the first rows are data, 0 where there is nothing.

    Of a very wide sheet its first columns are asked.
    """
    sheet = cut_off_right(sheet)
    depth = min(DEPTH, sheet.height)
    counts = sheet.filled_counts
    filled = [count for count in counts if count]
    if not filled:
        return 0
    usual = sorted(filled)[int(len(filled) * 0.6)]
    kinds = [list(map(kind_of_cell, column[: depth + BELOW])) for column in sheet.columns]
    ranked = [
        (_rate_row(sheet.read_row(number), kinds, number, usual), -number)
        for number in range(1, depth + 1)
        if counts[number - 1] >= max(2, usual // 2)
    ]
    best = max(ranked, default=(0.0, 0))
    if best[0] >= 1.0:
        row = -best[1]
        return row + (has_measures_below(sheet, row) or _has_names_below(sheet, row))
    return -1 if usual > 1 else 0


def has_measures_below(sheet: ExportSheet, row: int) -> bool:
    """Whether a row of months, each over several columns, has a row with the names of these columns below it."""
    if row >= sheet.height:
        return False
    above, below = sheet.read_row(row), sheet.read_row(row + 1)
    months = sum(read_month(read_header(cell)) is not None for cell in above)
    under_blank = sum(
        is_blank_cell(a) and kind_of_cell(b) == "text" for a, b in zip(above, below, strict=True)
    )
    words = {read_header(cell) for cell in below} - {""}
    texts = all(kind_of_cell(cell) in ("text", "blank") for cell in below)
    return months >= 3 and texts and under_blank >= months - 1 and 2 <= len(words) <= months + 3


def _has_names_below(sheet: ExportSheet, row: int) -> bool:
    """Whether a row of groups, such as Invoice, Invoice, Customer, Customer, has the names of the columns below it."""
    if row + 1 >= sheet.height:
        return False
    above, below = (list(map(read_header, sheet.read_row(number))) for number in (row, row + 1))
    held = [text for text in above if text]
    repeated = sum(a == b != "" for a, b in pairwise(above))
    kinds = [kind_of_cell(cell) for cell in sheet.read_row(row + 1)]
    named = sum(kind == "text" for kind in kinds)
    if not repeated or named < 0.8 * len(held) or set(kinds) - {"text", "blank"}:
        return False
    rest = [sheet.read_row(number) for number in range(row + 2, min(row + 2 + BELOW, sheet.height + 1))]
    typed = sum(kind_of_cell(cell) in ("number", "date") for cells in rest for cell in cells)
    return typed > 0 and all(below != list(map(read_header, cells)) for cells in rest)


_YEAR_ABOVE = re.compile(rf"(?:{join_words('year_names')})?\s*((?:19|20)[0-9]{{2}})", re.IGNORECASE)
"""The year over its months."""


def _add_years(above: Sequence[Cell], headers: Sequence[str]) -> list[str] | None:
    """Return headers that are months with the year that stands in the row above them; ``None`` where none does."""
    months = [at for at, header in enumerate(headers) if (month := read_month(header)) and not month.year]
    years = {at: _YEAR_ABOVE.fullmatch(text) for at, text in enumerate(map(read_header, above)) if text}
    if len(months) < FEWEST_MONTHS or not years or not all(years.values()) or min(years) > months[0]:
        return None
    found, year, dated = list(headers), "", frozenset(months)
    for at in range(len(found)):
        said = years.get(at)
        year = said[1] if said else year
        if at in dated and year:
            found[at] = f"{found[at]} {year}"
    return found


def _add_groups(above: Sequence[Cell], headers: Sequence[str]) -> list[str]:
    """Return headers in which several of one name have the group before it that stands in the row above each."""
    labels: list[str] = []
    for text, header in zip(map(read_header, above), headers, strict=True):
        labels.append(text or (labels[-1] if labels and header else ""))
    if len(set(labels) - {""}) < 2 or any(kind_of_cell(cell) not in ("text", "blank") for cell in above):
        return list(headers)
    found = list(headers)
    for name in [header for header, count in Counter(headers).items() if header and count > 1]:
        places = [at for at, header in enumerate(headers) if header == name]
        if len({labels[at] for at in places} - {""}) == len(places):
            for at in places:
                found[at] = f"{labels[at]} {name}"
    return found


def read_header_cells(sheet: ExportSheet, row: int) -> list[str]:
    """Return the headers in a row, each as it reads; none of them where there is no such row.

    Where a row of months stands above, each over several columns, its month is a part of their headers; a header
    that stands in that row alone, over merged cells, counts as well. A year above months is a part of them, and so is
    a group above several columns of one name.
    """
    if row < 1 or row > sheet.height:
        return [""] * len(sheet.columns)
    headers = [read_header(cell) for cell in sheet.read_row(row)]
    if row < 2:
        return headers
    if not has_measures_below(sheet, row - 1):
        groups = sheet.read_row(row - 1)
        return _add_years(groups, headers) or _add_groups(groups, headers)
    return _add_heads_above(sheet.read_row(row - 1), headers)


def _add_heads_above(heads: Sequence[Cell], headers: Sequence[str]) -> list[str]:
    """Return the headers with what heads several of them; one that stands in the row above alone is a header too."""
    above, joined = "", []
    for cell, header in zip(heads, headers, strict=True):
        above = read_header(cell) or above
        if header:
            joined.append(f"{above} {header}" if above else header)
        else:
            joined.append(read_header(cell))
    return joined


def _rate_row(cells: Sequence[Cell], kinds: Sequence[Sequence[CellKind]], number: int, usual: int) -> float:
    """Return how much a row looks like headers: by words that are known, and by unlike cells below.

    Args:
        cells: the cells of the row.
        kinds: of each column what its first cells are.
        number: of the row, from 1.
        usual: how many cells of a row are filled as a rule.
    """
    held = [text for text in map(read_header, cells) if text]
    months = _count_month_headers(held)
    wordy = sum(column[number - 1] == "text" for column in kinds)
    if wordy + months < 0.75 * len(held):
        return 0.0
    known = (sum(map(is_known, held)) + months) / len(held)
    different = len({text.casefold() for text in held}) / len(held)
    wide = min(len(held) / usual, 1.0)
    return 2.0 * known + _count_contrast(kinds, number) + 0.5 * wide + 0.5 * different - 0.5


def _count_month_headers(headers: Sequence[str]) -> int:
    """Return how many headers name a month; 0 where fewer than three do, which may be chance."""
    months = sum(read_month(text) is not None for text in headers)
    return months if months >= 3 else 0


def _count_contrast(kinds: Sequence[Sequence[CellKind]], number: int) -> float:
    """Return the share of columns in which a text stands over cells that are mostly none."""
    headed = [column for column in kinds if column[number - 1] != "blank"]
    found = sum(
        column[number - 1] == "text" and _holds_few_texts(column[number : number + BELOW])
        for column in headed
    )
    return found / len(headed) if headed else 0.0


def _holds_few_texts(kinds: Sequence[CellKind]) -> bool:
    """Whether more than half of the cells that are filled are no texts."""
    filled = len(kinds) - kinds.count("blank")
    return filled > 0 and 2 * (filled - kinds.count("text")) > filled


def find_end(sheet: ExportSheet, row: int) -> int:
    """Return the row after which another table begins on the same sheet; 0 where none does.

    It does where a row of headers, other ones, stands below a blank row.
    """
    if row < 1 or (sheet.text and sheet.height > 20_000):
        return 0
    headers = {read_header(cell) for cell in sheet.read_row(row)} - {""}
    for number in _list_blank_rows(sheet, row):
        below = range(number + 1, min(number + 4, sheet.height))
        if any(_is_other_head(sheet.read_row(at), headers) for at in below):
            return number - 1
        if _is_plan_above(sheet, row, number, headers):
            return number - 1
    return 0


_PLANS = compile_words("plan_titles")
"""What a title says of rows that are no actual sales."""


def _is_plan_above(sheet: ExportSheet, row: int, number: int, headers: AbstractSet[str]) -> bool:
    """Whether the same headers stand again below a blank row, under a title that says budget and the first does not."""
    titles: list[str] = []
    for below in range(number + 1, min(number + 4, sheet.height)):
        held = [read_header(cell) for cell in sheet.read_row(below) if not is_blank_cell(cell)]
        if len(held) >= max(2, 0.7 * len(headers)) and set(held) <= headers:
            first = " ".join(_join_row(sheet.read_row(at)) for at in range(1, row))
            return bool(_PLANS.search(" ".join(titles))) and not _PLANS.search(first)
        titles += held
    return False


def _list_blank_rows(sheet: ExportSheet, row: int) -> list[int]:
    """Return the blank rows that stand at least two below a row; the emptiest column is asked first."""
    columns = sorted(sheet.columns, key=lambda column: sum(map(is_blank_cell, column[row : row + 50])))
    numbers = (n for n in range(row + 2, sheet.height) if is_blank_cell(columns[0][n - 1]))
    return [n for n in numbers if all(is_blank_cell(column[n - 1]) for column in columns)]


def _is_other_head(cells: Sequence[Cell], headers: AbstractSet[str]) -> bool:
    """Whether a row is one of headers, and of other ones than those above it."""
    filled = [cell for cell in cells if not is_blank_cell(cell)]
    held = list(map(read_header, filled))
    if len(held) < 2 or not all(kind_of_cell(cell) == "text" for cell in filled):
        return False
    other = len(set(held) & headers) < max(2, 0.7 * len(headers))
    return other and 2 * sum(map(is_known, held)) >= len(held)


# --- rows that are none ----------------------------------------------------------------------------


@dataclass(frozen=True)
class PageHead:
    """What a printed page begins with: the row of headers, these, and the words of the rows above them."""

    row: int
    headers: tuple[str, ...]
    above: frozenset[str]

    @cached_property
    def telling(self) -> Sequence[int]:
        """Where headers are that are not blank."""
        return [at for at, header in enumerate(self.headers) if header]


def find_repeated(sheet: ExportSheet, row: int, columns: Sequence[Sequence[Cell]]) -> list[int]:
    """Return the rows below the headers that repeat them, or the title above them, or draw a line; from 1.

    Reports that are printed to a file have the head of the page on each page.
    """
    if row < 1:
        return []
    headers = [read_header(cell) for cell in sheet.read_row(row)]
    above = frozenset(_join_row(sheet.read_row(number)) for number in range(1, row)) - {""}
    head = PageHead(row, tuple(headers), above)
    first = head.telling[0] if head.telling else 0
    if first >= len(columns):
        return []
    return [
        number
        for number in _list_likely(columns, head)
        if _repeats_head([column[number - 1] for column in columns], head)
    ]


def _repeats_head(cells: Sequence[Cell], head: PageHead) -> bool:
    """Whether a row has the headers once more, or a title from above them, or a line."""
    said = list(map(read_header, cells))
    held = sum(map(bool, said))
    if not held:
        return False
    alike = sum(bool(text) and text == header for text, header in zip(said, head.headers, strict=False))
    if alike >= max(2, 0.7 * held) or (alike == held == 1 and len(head.telling) == 1):
        return True
    return _join_row(cells) in head.above or all(not text.strip("-=_+*. |") for text in said if text)


def _list_likely(columns: Sequence[Sequence[Cell]], head: PageHead) -> Sequence[int]:
    """Return the rows that may be none, found by few columns so that a long sheet takes no time."""
    likely: set[int] = set()
    for at in head.telling:
        likely.update(_list_rows_with(columns[at], head.headers[at], head.row))
    tail = columns[head.telling[-1]] if head.telling else ()  # blank where the row is none
    likely.update(
        n for n in range(head.row + 1, len(tail) + 1) if is_blank_cell(tail[n - 1]) or _is_line(tail[n - 1])
    )
    return sorted(likely)


def _list_rows_with(column: Sequence[Cell], word: str, row: int) -> list[int]:
    """Return the rows below one in which a word stands, but for blanks around it.

    All of a column is asked only where the word itself is in it, or with blanks in the first rows.
    """
    start = column[row : row + 500]
    if word not in column[row:] and not any(isinstance(c, str) and c.strip() == word for c in start):
        return []
    return [n for n, c in enumerate(column[row:], row + 1) if isinstance(c, str) and c.strip() == word]


def _is_line(cell: Cell) -> bool:
    return isinstance(cell, str) and cell[:2] in ("--", "==", "__") and not cell.strip("-=_ ")


def _join_row(cells: Sequence[Cell]) -> str:
    """Return a row's words without its numbers, so that "Page 2" is as "Page 1"."""
    text = " ".join(read_header(cell) for cell in cells if not is_blank_cell(cell))
    return re.sub(r"[0-9]+", "#", text).casefold().strip()
