"""What the column options may say: each value is taken as it is meant, or refused in a line that names it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.refusals import figures_of
from xlprofit.sources import Source, SourceError, resolve_sources
from xlprofit.sources.options import parse_options


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("delimiter", "ab"),
        ("delimiter", '"'),
        ("delimiter", "7"),
        ("decimal", "5"),  # which would part 152 into 1.2
        ("decimal", ",,"),
        ("date", "%d.%d.%Y"),
        ("date", "%Q"),
        ("date", "%"),
        ("date", "day"),
        ("engine", "sparc"),
    ],
)
def test_a_value_that_an_option_cannot_have_is_refused(option: str, value: str, tmp_path: Path) -> None:
    (tmp_path / "sales.csv").write_text("date,customer,gross_revenue\n2024-01-31,A,152\n")
    with pytest.raises(SourceError) as caught:
        parse_options(f"{option}={value}", "Sales")
    told = figures_of(caught.value)
    assert (told["option"], told["text"]) == (option, value)
    assert option in str(caught.value.fix) or option == "delimiter"
    with pytest.raises(SourceError) as caught:  # a source that Python made
        resolve_sources({}, [Source("Sales", str(tmp_path / "sales.csv"), options={option: value})])
    assert figures_of(caught.value)["text"] == value


@pytest.mark.parametrize("name", ["rot13", "hex", "zlib", "klingon", "a\0b"])
def test_an_encoding_is_one_of_letters(name: str) -> None:
    with pytest.raises(SourceError) as caught:
        parse_options(f"encoding={name}", "Sales")
    assert figures_of(caught.value)["encoding"] == name


def test_the_values_that_options_have() -> None:
    text = "delimiter=Tab decimal=comma date=%d.%m.%y encoding=cp1252 engine=DuckDB memory=1.5GB master=yarn"
    assert parse_options(text, "Sales") == {
        "delimiter": "\t",
        "decimal": ",",
        "date": "%d.%m.%y",
        "encoding": "cp1252",
        "engine": "DuckDB",
        "memory": "1.5GB",
        "master": "yarn",
    }
    assert parse_options("date=%Y-%m", "Sales") == {"date": "%Y-%m"}  # sales by month


@pytest.mark.parametrize("memory", ["999999999TB", "300", "2kib"])
def test_the_engine_is_told_the_bytes_that_were_meant(memory: str, tmp_path: Path) -> None:
    (tmp_path / "sales.csv").write_text("date,customer,gross_revenue\n2024-01-31,A,152\n")
    source = Source("Sales", str(tmp_path / "sales.csv"), options={"memory": memory})
    if memory == "999999999TB":  # more than the engine can count
        raws, _told = resolve_sources({}, [source], small=0)
        assert raws["Sales"].frame["gross_revenue"].tolist() == [152.0]
    else:
        with pytest.raises(SourceError) as caught:
            resolve_sources({}, [source], small=0)
        assert "Out of Memory" in str(figures_of(caught.value)["reason"])


def test_a_line_that_states_the_delimiter_behind_a_blank(tmp_path: Path) -> None:
    path = tmp_path / "sales.csv"
    path.write_text(" sep=;\ndate;customer;gross_revenue\n2024-01-31;A;152\n")
    assert resolve_sources({}, [f"Sales={path}"])[0]["Sales"].frame["gross_revenue"].tolist() == ["152"]
