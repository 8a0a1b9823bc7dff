"""The figures and names of a sentence are found, whatever its words."""

from __future__ import annotations

from tests.figures import read_figures, read_names


def test_figures_and_names_are_told_from_words() -> None:
    said = '"Shop 7" of Sales!C23: 1 row (12,345.67 EUR) is out, \u22123 %, as "101" says (2024-01)'
    assert read_names(said) == ["Shop 7", "101"]
    assert read_figures(said)[:3] == [1.0, 12345.67, -3.0]
