"""Cell addresses as Excel writes them. Rows and columns count from 1."""

from __future__ import annotations

MOST_ROWS = 1_048_576
"""The rows that a sheet of Excel has."""

MOST_COLUMNS = 16_384
"""The columns that a sheet of Excel has."""

_LONGEST_COLUMN = 3
_MOST_DIGITS = 9


def format_column(column: int) -> str:
    """Return the letters of a column.

    >>> format_column(1), format_column(28), format_column(703)
    ('A', 'AB', 'AAA')
    """
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def parse_column(text: str) -> int:
    """Return the number of a column from its letters, large or small; of none it is 0.

    Raises:
        ValueError: it has more letters than any column of Excel, or signs that are no letters.

    >>> parse_column("A"), parse_column("ab"), parse_column("AAA")
    (1, 28, 703)
    """
    if len(text) > _LONGEST_COLUMN or not (text.isascii() and (text.isalpha() or not text)):
        raise ValueError(f'"{text[:10]}" is no column')
    number = 0
    for letter in text.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def parse_whole_number(said: str) -> int | None:
    """Return a whole number, 0 or above, as a file writes it; ``None`` of what is none or has ten digits or more.

    >>> parse_whole_number("7"), parse_whole_number("-1"), parse_whole_number("²"), parse_whole_number("9" * 5_000)
    (7, None, None, None)
    """
    return int(said) if said.isascii() and said.isdecimal() and len(said) <= _MOST_DIGITS else None


def parse_row_number(said: str, before: int) -> int:
    """Return the number of a row, given what it says of it and the number of the row before.

    Raises:
        ValueError: what it says is no row of Excel's.
    """
    if not said:
        return before + 1
    row = parse_whole_number(said) or 0
    if not 0 < row <= MOST_ROWS:
        raise ValueError(f'"{said[:20]}" is no row')
    return row


def format_address(row: int, column: int) -> str:
    """Return the address of a cell, such as ``C5``."""
    return f"{format_column(column)}{row}"


def parse_address(address: str) -> tuple[int, int]:
    """Return the row and the column of an address such as ``B5``.

    Raises:
        ValueError: it is no address of a cell in Excel.

    >>> parse_address("B5")
    (5, 2)
    """
    letters = address.rstrip("0123456789")
    digits = address[len(letters) :]
    row, column = int(digits) if len(digits) <= len(str(MOST_ROWS)) else 0, parse_column(letters)
    if not (0 < row <= MOST_ROWS and 0 < column <= MOST_COLUMNS):
        raise ValueError(f'"{address[:20]}" is no cell')
    return row, column


def format_block(first_row: int, first_column: int, last_row: int, last_column: int) -> str:
    """Return the address of a block of cells, such as ``A1:C5``."""
    return f"{format_address(first_row, first_column)}:{format_address(last_row, last_column)}"


def quote_sheet_name(sheet: str) -> str:
    """Return a sheet's name as a formula or a link writes it."""
    return "'" + sheet.replace("'", "''") + "'"
