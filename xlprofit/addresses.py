"""Cell addresses as Excel writes them. Rows and columns count from 1."""

from __future__ import annotations


def letters(column: int) -> str:
    """Return the letters of a column.

    >>> letters(1), letters(28), letters(703)
    ('A', 'AB', 'AAA')
    """
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def column_number(text: str) -> int:
    """Return the number of a column from its letters.

    >>> column_number("A"), column_number("AB"), column_number("AAA")
    (1, 28, 703)
    """
    number = 0
    for letter in text:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def address(row: int, column: int) -> str:
    """Return the address of a cell, such as ``C5``."""
    return f"{letters(column)}{row}"


def block(first_row: int, first_column: int, last_row: int, last_column: int) -> str:
    """Return the address of a block of cells, such as ``A1:C5``."""
    return f"{address(first_row, first_column)}:{address(last_row, last_column)}"


def quoted(sheet: str) -> str:
    """Return a sheet's name as a formula or a link writes it."""
    return "'" + sheet.replace("'", "''") + "'"
