"""Activities: time equations that can be priced, and logs that mention no others."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.findings import Finding, phrase
from xlprofit.languages import list_terms
from xlprofit.messages import name_in_workbook, term
from xlprofit.reading import words
from xlprofit.reading.drivers import BASES, NO_DRIVER
from xlprofit.reading.faults import (
    Book,
    Fault,
    InputSheet,
    Mask,
    Trouble,
    build_fault_by_name,
    build_fault_by_row,
    exclude_faulty_rows,
    quote_value,
)
from xlprofit.rules.resources import report_missing_resource
from xlprofit.tables import DRIVER_TABLES, TABLES, header_key
from xlprofit.vocabulary.groups import GROUPS, OF_ACQUISITION, RESERVED_GROUPS, Group


def exclude_reserved_groups(book: Book) -> tuple[Book, list[Finding]]:
    """Return the tables without rows of a group that is taken; warn of groups that look misspelt."""
    checked, findings = dict(book), []
    usual = [spelt for group in GROUPS for spelt in list_terms("word", group)]
    for table, sheet in book.items():
        if any(column.suggested for column in TABLES[table].columns):
            faults = [_report_reserved_groups(sheet), _report_misspelt_groups(sheet, usual)]
            checked[table], found = exclude_faulty_rows(sheet, faults)
            findings += found
    return checked, findings


def _report_reserved_groups(sheet: InputSheet) -> Fault:
    """Return the fault of rows of a group that is xlprofit's own."""
    taken = {group for group in sheet.present("group") if header_key(group) in RESERVED_GROUPS}

    def tell(group: str) -> Trouble:
        return Trouble("R08", phrase("R08", "cannot_group_your", group=quote_value(group)))

    return build_fault_by_name("R08", sheet, "group", sheet.among("group", taken), tell)


def _report_misspelt_groups(sheet: InputSheet, usual: Sequence[str]) -> Fault:
    """Return the warning of rows of a group that looks like a slip of a usual one."""
    near = {
        group: like
        for group in sheet.present("group")
        if group not in GROUPS and (like := _find_likely_group(group.casefold(), usual))
    }

    def tell(group: str) -> Trouble:
        like = near[group]
        what = phrase("R09", "none_usual_groups", group=quote_value(group), like=like)
        return Trouble("R09", what, phrase("R09", "write_leave_if", like=like))

    return build_fault_by_name("R09", sheet, "group", sheet.among("group", near), tell, out=False)


def _find_likely_group(group: str, usual: Sequence[str]) -> str | None:
    """Return the usual group that a word, in small letters, is another name or a slip of; ``None`` where of none."""
    return str(Group.ACQUIRE) if group in OF_ACQUISITION else words.find_likely_word(group, usual)


def exclude_unpriced_terms(
    book: Book, named: Collection[str], columns: Mapping[str, str] | None
) -> tuple[Book, list[Finding]]:
    """Return the tables without the terms that nothing prices or that have nothing to multiply.

    Args:
        book: the tables.
        named: the resources that Resources names, in rows that cannot be used too.
        columns: the headers of the logs' own columns, by key; ``None`` where there is no log at all.
    """
    if "Activities" not in book:
        return book, []
    sheet = book["Activities"]
    usable = book["Resources"].present("resource") if "Resources" in book else frozenset()
    priced = sheet.frame["unit_cost"].notna().to_numpy()
    no_resource = sheet.among("resource", {""})
    faults = [
        report_missing_resource(
            sheet, "resource", ~sheet.among("resource", {*usable, ""}) & ~priced, named, usable
        ),
        _report_unpriced_terms(sheet, ~priced & no_resource),
        *_report_unknown_drivers(sheet, columns),
    ]
    both = priced & ~no_resource
    twice = Trouble(
        "R05",
        phrase("R05", "term_both_used"),
    )
    faults.append(build_fault_by_row("R05", "unit_cost", both, lambda at: twice, out=False))
    # The model need not ask which of the two holds, nor whether quantity was written or left blank.
    sheet = _clear_values(sheet, "resource", both)
    sheet = _clear_values(sheet, "driver", sheet.among("driver", _list_base_drivers(sheet)))
    sheet, findings = exclude_faulty_rows(sheet, faults)
    sheet, found = _unify_activity_kinds(sheet)
    return {**book, "Activities": sheet}, findings + found


def _report_unpriced_terms(sheet: InputSheet, mask: Mask) -> Fault:
    names = sheet.frame["activity"].astype(str).to_numpy()

    def tell(at: int) -> Trouble:
        return Trouble(
            "R04",
            phrase(
                "R04",
                "term_neither_nor",
                activity=quote_value(str(names[at])),
            ),
        )

    return build_fault_by_row("R04", "resource", mask, tell)


def _list_base_drivers(sheet: InputSheet) -> set[str]:
    return {driver for driver in sheet.present("driver") if header_key(driver) in BASES}


def _report_unknown_drivers(sheet: InputSheet, columns: Mapping[str, str] | None) -> list[Fault]:
    """Return the fault of terms whose driver is no column of a log; none where there is no log."""
    if columns is None:
        return []
    known = {key: header for key, header in columns.items() if key not in NO_DRIVER}
    unknown = {d for d in sheet.present("driver") if header_key(d) not in {*known, *BASES}}

    def tell(driver: str) -> Trouble:
        if header_key(driver) in NO_DRIVER:
            what = phrase("R06", "column_cannot_driver", driver=driver)
            return Trouble("R06", what, phrase("R06", "name_column_numbers"))
        what = phrase("R06", "not_column", driver=quote_value(driver))
        return Trouble("R06", what, words.suggest_name(driver, list(known.values())))

    return [build_fault_by_name("R06", sheet, "driver", sheet.among("driver", unknown), tell)]


def _clear_values(sheet: InputSheet, column: str, mask: Mask) -> InputSheet:
    values = sheet.frame[column].cat.add_categories([""] if "" not in sheet.words(column) else [])
    return sheet.with_column(column, values.where(~mask, ""))


def _unify_activity_kinds(sheet: InputSheet) -> tuple[InputSheet, list[Finding]]:
    """Return the terms with one group and one level for each activity, that of its base term first."""
    activity = sheet.frame["activity"].astype(object).to_numpy()
    driver = sheet.frame["driver"].astype(object).to_numpy()
    findings: list[Finding] = []
    for column in ("group", "level"):
        here = sheet.frame[column].astype(object).to_numpy()
        first: dict[str, str] = {}
        for name, *rest in sorted(zip(activity, here == "", driver != "", here, strict=True)):
            first.setdefault(name, str(rest[-1]))
        right = np.array([*(first[name] for name in activity), ""], dtype=object)[:-1]
        differs = np.asarray((here != right) & (here != ""), dtype=bool)
        findings += exclude_faulty_rows(sheet, [_report_conflicting_kinds(sheet, column, differs, right)])[1]
        filled = [said or str(TABLES["Activities"].column(column).default) for said in right]
        kinds = pd.Index(sorted(set(filled)), dtype="str")
        sheet = sheet.with_column(column, pd.Series(pd.Categorical(filled, categories=kinds)))
    return sheet, findings


def _report_conflicting_kinds(
    sheet: InputSheet,
    column: str,
    differs: Mask,
    right: npt.NDArray[np.object_],
) -> Fault:
    frame = sheet.frame

    def tell(at: int) -> Trouble:
        activity, here = str(frame["activity"].iloc[at]), frame[column].iloc[at]
        what = phrase(
            "R07",
            "elsewhere_here",
            column=name_in_workbook("Activities", column),
            activity=quote_value(activity),
            there=term("word", str(right[at])),
            here=term("word", str(here)),
        )
        return Trouble("R07", what)

    return build_fault_by_row("R07", column, differs, tell, out=False)


def exclude_unknown_activities(book: Book, named: Collection[str]) -> tuple[Book, list[Finding]]:
    """Return the logs without rows of an activity that has no time equation.

    ``named`` are the activities that Activities names, in rows that cannot be used too.
    """
    checked, findings = dict(book), []
    usable = book["Activities"].present("activity") if "Activities" in book else frozenset()

    def tell_unknown(activity: str) -> Trouble:
        what = phrase("R01", "not", activity=quote_value(activity))
        return Trouble("R01", what, words.suggest_name(activity, sorted(usable)))

    def tell_unpriced(activity: str) -> Trouble:
        return Trouble(
            "R02",
            phrase(
                "R02",
                "no_rate_none",
                activity=quote_value(activity),
            ),
        )

    for table in DRIVER_TABLES:
        if table not in book:
            continue
        sheet = book[table]
        known = sheet.among("activity", named)
        without = ~sheet.among("activity", usable)
        faults = [
            build_fault_by_name("R01", sheet, "activity", without & ~known, tell_unknown),
            build_fault_by_name("R02", sheet, "activity", without & known, tell_unpriced),
        ]
        checked[table], found = exclude_faulty_rows(sheet, faults)
        findings += found
    return checked, findings
