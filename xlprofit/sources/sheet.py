"""The table Sources on a sheet: which table comes from where, as the workbook says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

from xlprofit.reading import keys
from xlprofit.reading import tables as reading
from xlprofit.sources import hosts, secrets, spec
from xlprofit.sources.options import parse_options
from xlprofit.sources.spec import Source
from xlprofit.tables import Raw


def list_sources(raw: Raw, folder: Path | None) -> tuple[Source, ...]:
    """Return the sources that the table Sources lists; rows that cannot be used are findings of the checks.

    Raises:
        SourceError: a row has a password in it, a computer that only the workbook names, or a mapping or an
            option that cannot be understood.
    """
    return tuple(build_listed_source(row, folder, profile) for row, profile in list_usable_rows(raw))


def list_usable_rows(raw: Raw) -> list[tuple[dict[str, object], str]]:
    """Return the rows of the table Sources that can be used, by column, each with its profile as it is written."""
    read, _findings = reading.read_tables({"Sources": raw})
    book, _drivers = reading.build_typed_sheets(read)
    if "Sources" not in book:
        return []
    sheet, _twice = keys.exclude_repeated_keys(book["Sources"])
    frame: pd.DataFrame = sheet.frame
    at = sheet.place.cells.get("profile", 0) - raw.column
    # With their lines, which a clean text has not.
    profiles = raw.frame.iloc[:, at].tolist() if at >= 0 else [""] * len(raw.frame)
    rows = [int(str(row)) - sheet.first_row for row in frame["row"]]
    return [
        ({str(k): v for k, v in row.items()}, str(profiles[place] or "").strip())
        for row, place in zip(frame.to_dict("records"), rows, strict=True)
    ]


def build_listed_source(row: Mapping[str, object], folder: Path | None, profile: str) -> Source:
    """Return the source that a row of the table lists; errors as for :func:`list_sources`."""
    table = str(row["table"])
    label = spec.label_source(table)
    password = str(row["password"]).strip()
    if password and not secrets.is_secret_place(password):
        secrets.fetch_secret("", label)
    secrets.refuse_foreign_place(password, label)
    source = spec.build_source(
        table,
        str(row["source"]).strip(),
        query=str(row["query"]),
        mapping=spec.parse_mapping(str(row["mapping"]), label),
        password=password,
        options=parse_options(str(row["options"]), label),
        time_limit=float(str(row["time_limit"])),
        folder=folder,
        profile=profile,
    )
    secrets.refuse_foreign_place(source.address, source.label)
    hosts.refuse_unknown_host(source.address, source.options, source.label)
    if not re.search(r"[=\n]", profile):  # the path of one
        hosts.refuse_unknown_host(profile, {}, source.label)
    return replace(source, named_outside=False)
