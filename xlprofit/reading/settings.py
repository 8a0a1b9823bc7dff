"""Settings: what the workbook says about how it is to be read, and the defaults for the rest."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

from xlprofit.findings import Finding, build_finding, phrase
from xlprofit.headings import setting_keys
from xlprofit.messages import _, day, join_messages, number, term
from xlprofit.reading import cells, keys, words
from xlprofit.reading.faults import InputSheet, Trouble, build_fault_by_row, exclude_faulty_rows, quote_value
from xlprofit.reading.numbers import MARKS
from xlprofit.reading.rows import Draft
from xlprofit.tables import SETTINGS, SettingSpec, header_key

Given = dict[str, object]
"""The settings that were given, by name: numbers and shares as ``float``, days as ``datetime64``."""


def read_given_settings(draft: Draft) -> tuple[Given, InputSheet | None, list[Finding]]:
    """Return the settings given, the table's rows that are used, and what is wrong with them.

    A blank value means that the setting is not given.
    """
    if not {"setting", "value"} <= set(draft.readings):
        return {}, None, []
    sheet, findings = exclude_faulty_rows(_build_settings_sheet(draft), [])
    sheet, found = _exclude_unknown_settings(sheet)
    sheet, twice = keys.exclude_repeated_keys(sheet)
    findings += found + twice
    given: Given = {}
    # The currency comes first: money in another setting may bear its mark.
    order = np.argsort([name != "currency" for name in sheet.frame["setting"]], kind="stable")
    faulty: dict[int, Trouble] = {}
    for at in order:
        name, row = str(sheet.frame["setting"].iloc[at]), int(sheet.frame["row"].iloc[at])
        raw = draft.raw.frame.iloc[row - draft.raw.row - 1, draft.headers["value"]]
        value = _read_setting_value(name, raw, str(given.get("currency", SETTINGS["currency"].default)))
        if isinstance(value, Trouble):
            faulty[int(at)] = value
        elif value is not None:
            given[name] = value
    bad = np.isin(np.arange(len(sheet)), list(faulty))
    sheet, unread = exclude_faulty_rows(
        sheet, [build_fault_by_row("S02", "value", bad, faulty.__getitem__, out=False)]
    )
    return given, sheet, findings + unread


def _build_settings_sheet(draft: Draft) -> InputSheet:
    """Return the rows that have a setting and a value, the setting's name spelt as it should be."""
    keep = draft.usable & ~draft.readings["value"].blank
    given = draft.readings["setting"].text()[keep]
    names = [setting_keys().get(header_key(name), str(name)) for name in given]
    frame = pd.DataFrame(
        {
            "setting": pd.Categorical(names, categories=pd.Index(sorted(set(names)), dtype="str")),
            "value": pd.Series(draft.readings["value"].text()[keep], dtype="str"),
            "row": draft.rows[keep],
        }
    )
    return InputSheet(draft.place, frame, draft.raw.frame, draft.raw.row + 1, draft.raw.column)


def _exclude_unknown_settings(sheet: InputSheet) -> tuple[InputSheet, list[Finding]]:
    names = list(sheet.frame["setting"].astype(str))

    def tell(at: int) -> Trouble:
        what = phrase("S01", "not_setting", name=quote_value(names[at]))
        return Trouble("S01", what, words.offer_term(names[at], "setting", SETTINGS))

    unknown = ~sheet.among("setting", SETTINGS.keys())
    return exclude_faulty_rows(sheet, [build_fault_by_row("S01", "setting", unknown, tell)])


def _read_setting_value(name: str, raw: object, currency: str) -> object:
    """Return the value of a setting; ``None`` for a blank, or what is wrong with it."""
    spec = SETTINGS[name]
    reading = cells.read_column_cells(pd.Series([raw], dtype=object), cells.build_reader(spec, currency))
    if reading.troubles:
        trouble = reading.troubles[0]
        default = _format_default(spec.default, spec)
        instead = phrase("S02", "taken_not_given")
        if default:
            instead = phrase("S02", "default_used", default=default)
        return Trouble("S02", term("setting", name) + ": " + trouble.what + instead, trouble.fix)
    if reading.blank[0]:
        return None
    if reading.words:
        word = reading.words[0]
        return (
            _parse_currency_code(word)
            if name == "currency"
            else word == "yes"
            if spec.kind == "flag"
            else word
        )
    value = reading.values[0]
    return float(value) if spec.kind in ("number", "share") else value


def _parse_currency_code(word: str) -> str | Trouble:
    """Return the ISO code of a currency, from the code in any case or from a mark such as €."""
    code = MARKS.get(word.casefold(), (word.upper(),))[0]
    if re.fullmatch(r"[A-Z]{3}", code):
        return code
    what = phrase("S02", "not_currency_s", setting=term("setting", "currency"), value=quote_value(word))
    return Trouble("S02", what, phrase("S02", "write_code_such"))


def _format_default(value: object, spec: SettingSpec) -> str:
    """Return a value as a user would write it in Settings."""
    if isinstance(value, bool):
        return term("word", "yes" if value else "no")
    if isinstance(value, float):
        share = spec.kind == "share"
        return _("{share:g} %", share=value * 100) if share else number(value, "g")
    return day(value) if isinstance(value, pd.Timestamp) else term("word", str(value or ""))


def report_default_settings(
    table: InputSheet | None, complete: Mapping[str, object], sheet: str
) -> list[Finding]:
    """Return the note on the settings that the table does not have, with the values used instead."""
    named = frozenset[str]() if table is None else table.present("setting")
    used = [
        term("setting", name) + " " + _format_default(complete[name], spec)
        for name, spec in SETTINGS.items()
        if name not in named and complete[name] is not None
    ]
    if not used:
        return []
    what = phrase(
        "S03",
        "these_settings_not",
        n=len(used),
        settings=join_messages(", ", used),
    )
    return [build_finding("S03", sheet, "", what, count=len(used))]
