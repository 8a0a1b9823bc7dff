"""Documents: rows that are no sales, as a column such as Document type or Status says.

A *credit* is a document of its own that takes money back, so it is counted negative. *Returned* is what became of
a sale, so the sale does not count, and neither does what was *cancelled* or only *offered*. Where a cancelled
document has a reversal beside it, both are left out; a reversal of a document that is not marked is counted.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from operator import itemgetter
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.addresses import format_column
from xlprofit.findings import Finding, build_finding, phrase
from xlprofit.languages import list_reading_words
from xlprofit.messages import join_messages
from xlprofit.reading import cells, dates
from xlprofit.reading.cells import CellPart
from xlprofit.reading.conventions.document_words import (
    Meaning,
    find_credit_codes,
    find_undelivered,
    find_unknown_kinds,
    is_credit_remark,
    is_document_header,
    is_side_header,
    is_test_customer,
    is_validity_header,
    is_won,
    read_booking_side,
    read_flag_meaning,
    read_meaning,
    strip_flag_words,
)
from xlprofit.reading.faults import Mask, Places, Trouble, quote_value
from xlprofit.reading.rows import Draft
from xlprofit.reading.word_patterns import join_words
from xlprofit.reading.words import normalize_text, parse_flag
from xlprofit.tables import header_key

Amounts = npt.NDArray[np.float64]

OUT: tuple[Meaning, ...] = ("returned", "cancelled", "offered")
"""What is left out."""


_PROMOTED = re.compile(join_words("promotion_stems"))
"""Headers below which an offer is no document: Promotion."""

_OF_STATE = re.compile(join_words("state_stems"))
_DOUBTFUL: Meaning = "doubtful"
_CREDIT: Meaning = "credit"
CODE = 3
"""Below a header of a state a text of so few letters is no kind of document: SC is South Carolina."""

_NUMBERED = re.compile(r"([^\W\d_]+)[\s./_-]*[0-9]")
_OF_CREDIT = frozenset(list_reading_words("numbers_of_credit"))
"""The letters in front of the number of a credit note, where those of an invoice have others or none."""

_FIRST_OF_CREDIT = frozenset(word[0] for word in _OF_CREDIT)

_ANSWERS = {
    **dict.fromkeys(list_reading_words("answers_yes"), True),
    **dict.fromkeys(list_reading_words("answers_no"), False),
}
"""Yes and no as exports say them in the languages of Europe."""

LONGEST_TEST = 30
"""A customer with a longer name is none that systems are tried out with."""

MOST_PRODUCTS = 2_000
"""Among more products than this none is looked up: it would take longer than the reader."""

MOST_WORDS = 200
"""A column of more different words than this says something else."""


@dataclass(frozen=True, eq=False)
class DocumentColumn:
    """One column that tells documents apart: where it stands, its words with a meaning, and which each row has.

    Where ``meant`` is given, it is what each word means there. ``fix`` is the wording of what can be done about rows in
    doubt.
    """

    at: int
    texts: tuple[str, ...]
    codes: Places
    meant: tuple[Meaning | None, ...] = ()
    fix: Literal["write_credit_note", "delete_rows"] = "write_credit_note"

    def with_meanings(self, read: Callable[[str], Meaning | None]) -> DocumentColumn:
        """Return the column with what each of its words means there."""
        return replace(self, meant=tuple(map(read, self.texts)))

    def mask(self, *meanings: Meaning) -> Mask:
        """Return which rows have a word of one of these meanings."""
        meant = self.meant or tuple(map(read_meaning, self.texts))
        wanted = [one in meanings for one in meant]
        return np.array([*wanted, False], dtype=bool)[self.codes]

    def naming_credits(self) -> Mask:
        """Return which rows have a remark that names a credit note: Credit note 12 for invoice 3."""
        return np.array([*map(is_credit_remark, self.texts), False], dtype=bool)[self.codes]


@dataclass(frozen=True)
class Spotted:
    """The columns of a table whose words mean documents: those whose header says so, and the others."""

    known: tuple[DocumentColumn, ...] = ()
    other: tuple[DocumentColumn, ...] = ()

    def mask(self, size: int) -> Mask:
        """Return which rows a column that is known to tell documents has no plain sale in."""
        mask = np.zeros(size, dtype=bool)
        for column in self.known:
            mask |= column.mask("credit", "unearned", "doubtful", *OUT)
        return mask


def find_document_columns(draft: Draft) -> Spotted:
    """Return the columns of a table, beside its own, whose words mean documents."""
    table = draft.place.table
    if not table.documents or table.money[0] not in draft.readings:
        return Spotted()
    known: list[DocumentColumn] = []
    other: list[DocumentColumn] = []
    for at, header in enumerate(draft.raw.frame.columns):
        if at in draft.headers.values():
            continue
        found, told = _read_document_column(draft, at, header)
        if found is not None:
            (known if told else other).append(found)
    numbered = _read_number_column(draft)
    other += [numbered] if numbered is not None else []
    known += filter(None, (_read_test_customers(draft), _read_unearned_products(draft)))
    return Spotted(tuple(known), tuple(other))


def _read_document_column(draft: Draft, at: int, header: object) -> tuple[DocumentColumn | None, bool]:
    """Return a column whose words mean documents, if they do, and whether its header or its marks say so."""
    flagged = (
        _read_flag_column(draft, at, header)
        or _read_validity_column(draft, at, header)
        or _read_side_column(draft, at, header)
    )
    if flagged is not None:
        return flagged, True
    return _read_word_column(draft, at, header), is_document_header(header)


def _read_word_column(draft: Draft, at: int, header: object) -> DocumentColumn | None:
    """Return a column with words that mean documents; ``None`` where none of its words does, or it has too many."""
    parts, distinct = _list_column_texts(draft, at)
    if len(distinct) > MOST_WORDS:
        return None
    meanings = _read_word_meanings(header, distinct)
    unknown = find_unknown_kinds(distinct) - meanings.keys() if _tells_kind(header) else frozenset()
    if not meanings and not unknown:
        return None
    found = _encode_words(draft, at, parts, distinct)
    meanings |= dict.fromkeys(_keep_rarer(found, unknown), _DOUBTFUL)
    return found.with_meanings(meanings.get) if meanings else None


def _tells_kind(header: object) -> bool:
    """Whether a header is that of a kind of document, and not of what became of it."""
    return is_document_header(header) and not _OF_STATE.search(header_key(header))


def _read_word_meanings(header: object, texts: Collection[str]) -> dict[str, Meaning]:
    """Return what those words of a column mean that mean something, under its header."""
    if is_document_header(header) and any(map(is_won, texts)):
        return {text: read_meaning(text) or "offered" for text in texts if not is_won(text)}
    found = {text: meaning for text in texts if (meaning := read_meaning(text)) is not None}
    if _tells_kind(header):
        return found | dict.fromkeys(find_credit_codes(texts), _CREDIT)
    if not _OF_STATE.search(header_key(header)):
        return found
    found = {text: meaning for text, meaning in found.items() if len(text) > CODE}
    undelivered = find_undelivered(texts) if is_document_header(header) else frozenset()
    return found | dict.fromkeys(undelivered, _DOUBTFUL)


def _keep_rarer(column: DocumentColumn, texts: Collection[str]) -> Collection[str]:
    """Return texts of a column that stand in less than half of its rows; what is usual there is a sale."""
    wanted = np.array([*(text in texts for text in column.texts), False], dtype=bool)
    held = int((column.codes >= 0).sum())
    return texts if 2 * int(wanted[column.codes].sum()) < held else ()


def _list_column_texts(draft: Draft, at: int) -> tuple[list[CellPart], Sequence[str]]:
    """Return the cells of a column that hold texts, and the different texts.

    A list of many texts is gone through in a fifth of the time of a set, whose order is not that of the memory.
    """
    parts = [part for part in cells.split_column_cells(draft.raw.frame.iloc[:, at]) if part.sort == "text"]
    return parts, parts[0].texts if len(parts) == 1 else list(dict.fromkeys(chain(*(p.texts for p in parts))))


def _encode_words(
    draft: Draft, at: int, parts: Sequence[CellPart], distinct: Iterable[str]
) -> DocumentColumn:
    texts = sorted(distinct)
    place = {text: i for i, text in enumerate(texts)}
    codes = np.full(len(draft.rows), -1, dtype=np.int64)
    for part in parts:
        which, own = part.distinct()
        codes[part.at] = np.array([place[str(text)] for text in own], dtype=np.int64)[which]
    return DocumentColumn(at, tuple(texts), codes)


def _read_side_column(draft: Draft, at: int, header: object) -> DocumentColumn | None:
    """Return a column of debit and credit, whose rarer side is in doubt; ``None`` where it is none.

    Which side sales are booked on differs from ledger to ledger; most rows are sales.
    """
    if not is_side_header(header):
        return None
    parts, distinct = _list_column_texts(draft, at)
    sides = {text: read_booking_side(text) for text in distinct}
    if len(set(sides.values()) - {""}) < 2:
        return None
    column = _encode_words(draft, at, parts, distinct)
    lines = draft.place.lines_of(draft.rows)
    of_row = np.array([*(sides[text] for text in column.texts), ""], dtype=object)[column.codes]
    rarer = min(("credit", "debit"), key=lambda side: (int(lines[of_row == side].sum()), side))
    return column.with_meanings(lambda text: "doubtful" if sides[text] == rarer else None)


def _read_number_column(draft: Draft) -> DocumentColumn | None:
    """Return the column of invoice numbers, where some begin as those of credit notes do and others do not."""
    at = draft.headers.get("invoice")
    if at is None:
        return None
    parts, distinct = _list_column_texts(draft, at)
    credit = _find_credit_numbers(distinct)
    if not credit or len(credit) == len(distinct):
        return None
    return _encode_words(draft, at, parts, distinct).with_meanings(
        lambda text: "credit" if text in credit else None
    )


def _find_credit_numbers(numbers: Collection[str]) -> set[str]:
    """Return the numbers with the letters of a credit note in front; ``C`` says as much where most have none."""
    if _FIRST_OF_CREDIT.isdisjoint(map(str.casefold, set(map(itemgetter(0), numbers)))):  # none is blank
        return set()
    prefixes = {number: _read_number_prefix(number) for number in numbers}
    credit = {number for number, prefix in prefixes.items() if prefix in _OF_CREDIT}
    bare = {number for number, prefix in prefixes.items() if prefix == "c"}
    if bare and 2 * sum(number.strip().isdigit() for number in numbers) > len(numbers):
        credit |= bare
    return credit


def _read_number_prefix(number: str) -> str:
    """Return the letters in front of a number, where they may be those of a credit note."""
    found = _NUMBERED.match(number) if number[:1].casefold() in _FIRST_OF_CREDIT else None
    return found[1].casefold() if found else ""


def _read_flag_column(draft: Draft, at: int, header: object) -> DocumentColumn | None:
    """Return a column whose header is the word and whose cells say yes or no: Is cancelled; ``None`` where it is none.

    A day under such a header as Cancelled on is a yes. Where any cell says yes, one that says neither is in doubt.
    """
    meaning = read_flag_meaning(header)
    found = None if meaning is None else _read_answers(draft, at, days=meaning == "cancelled")
    if found is None or True not in found[1].values():
        return None
    column, answers = found
    unknown = [text for text in column.texts if answers[text] is None]
    place = {text: 0 if answers[text] else -1 for text in column.texts} | {
        text: code for code, text in enumerate(unknown, 1)
    }
    codes = np.array([*(place[text] for text in column.texts), -1], dtype=np.int64)[column.codes]
    texts = (strip_flag_words(header), *unknown)
    return DocumentColumn(at, texts, codes, (meaning, *[_DOUBTFUL] * len(unknown)))


def _read_answers(
    draft: Draft, at: int, *, days: bool = False
) -> tuple[DocumentColumn, dict[str, bool | None]] | None:
    """Return a column that says yes or no, and which of both each of its texts says: ``None`` of one that says neither.

    It is none where most of the texts say neither. With ``days`` a day is a yes.
    """
    answers: dict[str, bool | None] = {}
    said = np.full(len(draft.rows), "", dtype=object)
    for part in cells.split_column_cells(draft.raw.frame.iloc[:, at]):
        which, distinct = part.distinct()
        texts = list(map(str, distinct))
        read = [True if days and _is_day(part.sort, value) else _read_flag(value) for value in distinct]
        answers |= dict(zip(texts, read, strict=True))
        said[part.at] = np.array(texts, dtype=object)[which]
    if 2 * sum(answer is None for answer in answers.values()) > len(answers):
        return None
    place = {text: code for code, text in enumerate(sorted(answers))}
    codes = np.array([place.get(str(text), -1) for text in said], dtype=np.int64)
    return DocumentColumn(at, tuple(place), codes), answers


def _read_validity_column(draft: Draft, at: int, header: object) -> DocumentColumn | None:
    """Return a column such as Active, of which no and what is neither yes nor no are in doubt.

    ``None`` where it says something of each customer, or the same of all.
    """
    reading = draft.readings.get("customer")
    found = _read_answers(draft, at) if reading is not None and is_validity_header(header) else None
    if reading is None or found is None or not {True, False} <= set(found[1].values()):
        return None
    column, answers = found
    said = np.array([*column.texts, ""], dtype=object)[column.codes]
    if _is_of_customers(reading.text(), said):
        return None
    return replace(column, fix="delete_rows").with_meanings(lambda text: None if answers[text] else _DOUBTFUL)


def _is_of_customers(customers: Iterable[object], said: Iterable[object]) -> bool:
    """Whether the rows of each customer all say the same."""
    known: dict[object, object] = {}
    pairs = zip(customers, said, strict=True)
    return all(known.setdefault(customer, text) == text for customer, text in pairs if text != "")


def _read_test_customers(draft: Draft) -> DocumentColumn | None:
    """Return the column of customers, where some are called as those that systems are tried out with."""
    at = draft.headers.get("customer")
    if at is None:
        return None
    parts, distinct = _list_column_texts(draft, at)
    tests = {text for text in distinct if len(text) <= LONGEST_TEST and is_test_customer(text)}
    if not tests or len(tests) == len(distinct):
        return None
    column = replace(_encode_words(draft, at, parts, distinct), fix="delete_rows")
    return column.with_meanings(lambda text: _DOUBTFUL if text in tests else None)


def _read_unearned_products(draft: Draft) -> DocumentColumn | None:
    """Return the column of products, where some are money that is not earned: gift cards, deposits, tips."""
    at = draft.headers.get("product")
    if at is None:
        return None
    parts, distinct = _list_column_texts(draft, at)
    found = {text for text in distinct if len(distinct) <= MOST_PRODUCTS and read_meaning(text) == "unearned"}
    if not found or len(found) == len(distinct):
        return None
    column = replace(_encode_words(draft, at, parts, distinct), fix="delete_rows")
    return column.with_meanings(lambda text: _DOUBTFUL if text in found else None)


def _is_day(sort: str, value: object) -> bool:
    """Whether a cell is a date, or a text that plainly is one."""
    return sort == "date" or (isinstance(value, str) and not isinstance(dates.parse_day(value), Trouble))


def _read_flag(value: object) -> bool | None:
    """Return whether a cell says yes in any of the languages of exports; ``None`` where it says neither yes nor no."""
    if isinstance(value, str) and value.strip().casefold() in _ANSWERS:
        return _ANSWERS[value.strip().casefold()]
    word = parse_flag(str(int(value)) if isinstance(value, float) and value.is_integer() else value)
    return None if isinstance(word, Trouble) else word == "yes"


@dataclass(frozen=True)
class Sorted:
    """A table without the rows that are no sales; which of the rest are to be counted negative; what was found."""

    draft: Draft
    credits: Mask
    findings: list[Finding]


def exclude_documents(draft: Draft, spotted: Spotted, currency: str) -> Sorted:
    """Return a table without the rows that are no sales, and which of its rows are to be counted negative.

    Of words in several columns one that leaves a row out goes before one that counts it negative.
    """
    out, credits = np.zeros(len(draft.rows), dtype=bool), np.zeros(len(draft.rows), dtype=bool)
    if not spotted.known and not spotted.other:
        return Sorted(draft, credits, [])
    amounts = _read_draft_amounts(draft)
    findings: list[Finding] = []
    for column in spotted.known:
        leave = column.mask("offered") | (column.mask("returned") & (amounts > 0))
        leave |= _find_cancelled_rows(draft, column, amounts)
        leave |= column.mask("cancelled") & _find_credit_rows(draft, spotted, column)
        leave &= draft.usable & ~out
        out |= leave
        findings += _report_documents(draft, column, leave, amounts, currency, "out")
    positive = draft.usable & ~out & (amounts > 0)
    for column in spotted.known:
        fresh = column.mask("credit") & positive & ~credits & ~_find_rows_with_returns(draft)
        credits |= fresh
        findings += _report_documents(draft, column, fresh, amounts, currency, "credit")
    counted = positive & ~credits
    for column in spotted.known:
        unsure = column.mask("unearned", "doubtful") & counted
        findings += _report_documents(draft, column, unsure, amounts, currency, "doubted")
    for column in spotted.other:
        unsure = _find_unsure_rows(draft, column) & counted
        findings += _report_documents(draft, column, unsure, amounts, currency, "elsewhere")
    return Sorted(replace(draft, usable=draft.usable & ~out, excluded=out), credits, findings)


def _find_credit_rows(draft: Draft, spotted: Spotted, but: DocumentColumn) -> Mask:
    """Return which rows another column says to be credit notes: of these a cancelled one does not count either."""
    mask = np.zeros(len(draft.rows), dtype=bool)
    for column in spotted.known:
        mask |= column.mask("credit") & (column is not but)
    return mask


def _find_unsure_rows(draft: Draft, column: DocumentColumn) -> Mask:
    """Return which rows have a word for no sale in a column that does not tell documents by its header."""
    promoted = _PROMOTED.search(header_key(draft.raw.frame.columns[column.at]))
    meant = column.mask("credit", "unearned", *OUT)
    return (meant & ~column.mask("offered") if promoted else meant) | column.naming_credits()


def negate_credits(draft: Draft, credits: Mask) -> Draft:
    """Return a table whose credits are negative in every column of money, and in quantity."""
    if not credits.any():
        return draft
    readings = dict(draft.readings)
    for name in (*draft.place.table.totalled, "quantity"):
        if name in readings:
            values = readings[name].values.astype(np.float64)
            readings[name] = replace(readings[name], values=np.where(credits, -np.abs(values), values))
    return replace(draft, readings=readings)


def _read_draft_amounts(draft: Draft) -> Amounts:
    values = draft.readings[draft.place.table.money[0]].values.astype(np.float64)
    return np.nan_to_num(values, nan=0.0)


def _find_rows_with_returns(draft: Draft) -> Mask:
    """Return which rows have their returns in the column of that name, so that they are taken off already."""
    if "returns" not in draft.readings:
        return np.zeros(len(draft.rows), dtype=bool)
    values = np.nan_to_num(draft.readings["returns"].values.astype(np.float64), nan=0.0)
    return np.asarray(values != 0, dtype=bool)


def _find_cancelled_rows(draft: Draft, column: DocumentColumn, amounts: Amounts) -> Mask:
    """Return which cancelled rows are left out: all that are positive, and the reversals that take those back.

    A reversal takes back one row of the same customer and amount. The others reverse what is not marked.
    """
    marked = column.mask("cancelled") & draft.usable
    if not (marked & (amounts < 0)).any():
        return marked
    at = np.flatnonzero(marked)
    reading = draft.readings.get("customer")
    customers = reading.text()[at] if reading is not None else np.full(len(at), "", dtype=object)
    rows = pd.DataFrame(
        {
            "customer": [str(name).casefold() for name in customers],
            "size": np.abs(amounts[at]),
            "back": amounts[at] < 0,
            "row": draft.rows[at],
        }
    )
    keys = ["customer", "size"]
    # Rows that are alike in both differ in nothing that decides but their place; the first ones are paired.
    rank = rows.sort_values("row").groupby([*keys, "back"], sort=False).cumcount().reindex(rows.index)
    marked_there = rows[~rows["back"]].groupby(keys, sort=False).size()
    index = pd.MultiIndex.from_frame(rows[keys])
    there = marked_there.reindex(index).fillna(0).to_numpy() if len(marked_there) else np.zeros(len(rows))
    mask = np.zeros(len(draft.rows), dtype=bool)
    mask[at] = ~rows["back"].to_numpy() | (rank.to_numpy() < there)
    return mask


Done = Literal["out", "credit", "doubted", "elsewhere"]
"""What is done with rows: left out, counted negative; or counted as sales, since a word or its column leaves doubt."""

_WORDED: Mapping[Done, tuple[str, str]] = {
    "out": ("C23", "rows_under_left"),
    "credit": ("C23", "rows_under_counted"),
    "doubted": ("C27", "rows_under_counted_sales"),
    "elsewhere": ("C27", "rows_under_counted_sales"),
}
"""The code and the wording of each."""


def _report_documents(
    draft: Draft,
    column: DocumentColumn,
    mask: Mask,
    amounts: Amounts,
    currency: str,
    done: Done,
) -> list[Finding]:
    at = np.flatnonzero(mask)
    if not len(at):
        return []
    words = [column.texts[code] for code in np.unique(column.codes[at])]
    count = int(draft.place.lines_of(draft.rows[at]).sum())
    code, variant = _WORDED[done]
    what = phrase(
        code,
        variant,
        n=count,
        header=quote_value(normalize_text(str(draft.raw.frame.columns[column.at]))),
        words=join_messages(", ", map(quote_value, words[:5])) + (", …" if len(words) > 5 else ""),
        sum=math.fsum(amounts[at]),
        currency=currency,
    )
    cell = f"{format_column(draft.raw.column + column.at)}{draft.rows[at].min()}"
    fix = phrase("C27", column.fix) if done == "doubted" else None
    return [
        build_finding(
            code, draft.place.sheet, cell if draft.place.first_row > 1 else "", what, fix=fix, count=count
        )
    ]
