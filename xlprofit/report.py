"""Reports to send: results as one page of HTML that needs nothing else, or as a PDF, and a pack for each owner."""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlprofit.errors import FileError, XlprofitError, build_attribute_error, find_nearest_names
from xlprofit.headings import resolve_attribute
from xlprofit.sheets import names
from xlprofit.words.speech import _, _n, say, speaking

if TYPE_CHECKING:
    from xlprofit.drawing.html_page import HtmlPage, ShownSheet
    from xlprofit.hosts.host import Stage
    from xlprofit.results import Results
    from xlprofit.sheets.pack import Pack
    from xlprofit.sheets.parts import Sheet
    from xlprofit.sources.spec import Source as TableSource

ENDINGS = (".html", ".htm", ".pdf")
"""What a report may be called; a workbook is never written over."""

MOST_NAMED = 8
"""Owners that are named where none is like the one asked for."""

LONGEST_NAME = 60
"""The most letters of a name in the name of a file."""

PACKED = (
    names.DECISIONS,
    names.CUSTOMER_PNL,
    names.CHANGES,
    names.COST_TO_SERVE,
    names.TRENDS,
    names.OUTLOOK,
    names.CREDIT_RISK,
    names.SERVICE_RETURN,
    names.REFERRAL_VALUE,
)
"""The result sheets of which a pack has the rows of its customers, in this order."""

_RESERVED = frozenset(
    ("con", "prn", "aux", "nul", *(f"{kind}{number}" for kind in ("com", "lpt") for number in range(1, 10)))
)
"""Names that Windows keeps to itself."""


@dataclass(frozen=True)
class ReportRequest:
    """What a report is about: everything, one customer, the customers of one owner, or the decisions alone.

    ``by`` names a column of Customers, for a pack for each of its values.
    """

    customer: str = ""
    owner: str = ""
    decisions: bool = False
    by: str = ""


@dataclass(frozen=True)
class Reported:
    """The files that were written, and the results that they show."""

    paths: tuple[Path, ...]
    results: Results


def write_report(
    path: str | Path,
    output: str | Path | None = None,
    wanted: ReportRequest = ReportRequest(),
    *,
    pdf: bool = False,
    sources: Sequence[str | TableSource] = (),
    stage: Stage = lambda words: None,
) -> Reported:
    """Write a report of a workbook's results; the workbook stays as it is.

    Args:
        path: the workbook, as :func:`xlprofit.workflow.analyze` has it.
        output: the file to write, .html or .pdf, or with ``wanted.by`` the folder; beside the workbook by default.
        wanted: what it is about.
        pdf: write a PDF where ``output`` does not say.
        sources: tables that come from files or databases, as ``analyze`` has them.
        stage: called with a few words at the start of each stage.

    Raises:
        FileError: the workbook cannot be read, or the report not written; or it would be no .html or .pdf file;
            or it is what the figures are read from.
        StoppedError: findings stop the work; the error has them all.
        UnknownNameError: there is no such customer or column.
        XlprofitError: nobody has the owner, or a PDF is wanted and what makes it is not installed.
    """
    from xlprofit.read_files import refuse_read_files
    from xlprofit.workflow import analyze

    place = _choose_place(Path(path), output, wanted, pdf)
    refuse_read_files([] if wanted.by else [place], Path(path), sources)
    as_pdf = pdf or place.suffix.lower() == ".pdf"
    if as_pdf:
        _load_pdf_writer()
    stage(_("Reading and checking"))
    results = analyze(path, sources=sources)
    with speaking(results.inputs.settings.language, results.findings.own):
        stage(_("Computing"))
        pages = _build_pages(results, wanted, Path(path).name)
        stage(_("Writing the report"))
        files = _name_files(pages, place, wanted, ".pdf" if as_pdf else place.suffix)
        refuse_read_files(files if wanted.by else [], Path(path), sources)
        _write_pages(files, as_pdf)
    return Reported(tuple(files), results)


# --- where it is written -----------------------------------------------------------------------------


def _choose_place(path: Path, output: str | Path | None, wanted: ReportRequest, pdf: bool) -> Path:
    """Return the file, or the folder of packs, that is written."""
    from xlprofit.ooxml.saving import is_same_file, refuse_unwritable_folder

    if wanted.by:
        place = Path(output) if output is not None else path.with_name(f"{path.stem}-reports")
        if place.exists() and not place.is_dir():
            raise FileError(_("{path} is a file", path=str(place)), _("Give the name of a folder"))
        if not place.parent.is_dir():
            refuse_unwritable_folder(place)
        return place
    ending = ".pdf" if pdf else ".html"
    about = wanted.customer or wanted.owner or ("decisions" if wanted.decisions else "")
    name = f"{path.stem}-report{'-' if about else ''}{build_safe_name(about) if about else ''}{ending}"
    place = Path(output) if output is not None else path.with_name(name)
    if place.suffix.lower() not in ENDINGS or (pdf and place.suffix.lower() != ".pdf"):
        fitting = f"{place.stem or 'report'}{ending}"
        raise FileError(
            _(
                "A report is written as {endings}, not as {path}",
                endings=ending if pdf else ".html, .pdf",
                path=place,
            ),
            _("Name the file {name}", name=fitting),
        )
    refuse_unwritable_folder(place)
    if is_same_file(place, path):
        raise FileError(_("{path} is the workbook itself", path=str(place)), _("Give another name"))
    return place


def build_safe_name(text: str, taken: Sequence[str] = ()) -> str:
    """Return a name for a file that every system takes, like a text and none of those taken, whatever their case.

    >>> build_safe_name("../Anna & Co."), build_safe_name("CON"), build_safe_name("Åsa", ["åsa"])
    ('Anna-Co', 'CON-1', 'Åsa-2')
    """
    plain = unicodedata.normalize("NFC", text)
    letters = "".join(c if c.isalnum() else " " for c in plain)
    name = "-".join(letters.split())[:LONGEST_NAME].strip("-") or "-"
    lower = {one.casefold() for one in taken}
    number = 1 if name.casefold() in _RESERVED or name == "-" else 0
    made = f"{name}-{number}".lstrip("-") if number else name
    while made.casefold() in lower:
        number = max(number + 1, 2)
        made = f"{name}-{number}".lstrip("-")
    return made


def _name_files(
    pages: Sequence[HtmlPage], place: Path, wanted: ReportRequest, ending: str
) -> dict[Path, HtmlPage]:
    """Return the file of each page."""
    if not wanted.by:
        return {place: pages[0]}
    files: dict[Path, HtmlPage] = {}
    for page in pages:
        name = build_safe_name(page.title, [path.stem for path in files])
        files[place / f"{name}{ending or '.html'}"] = page
    return files


def _write_pages(files: dict[Path, HtmlPage], as_pdf: bool) -> None:
    """Write the files, all of them complete or none; of many packs so many at a time."""
    from xlprofit.drawing.to_html import render_html_page
    from xlprofit.ooxml.saving import TOGETHER, make_folder, replace_files

    made = {path: render_html_page(page) for path, page in files.items()}
    contents = {path: render_pdf(html) if as_pdf else html.encode() for path, html in made.items()}
    paths = list(files)
    with make_folder(paths[0].parent):
        for start in range(0, len(paths), TOGETHER):
            part = paths[start : start + TOGETHER]
            with replace_files(part) as beside:
                for path, file in zip(part, beside, strict=True):
                    file.write_bytes(contents[path])


# --- what it shows -----------------------------------------------------------------------------------


def _build_pages(results: Results, wanted: ReportRequest, book: str) -> list[HtmlPage]:
    """Return the pages of a report: one, or one for each value of a column."""
    from xlprofit.sheets import book as sheets
    from xlprofit.words.sheets import say_sheets

    language, own = results.inputs.settings.language, results.findings.own
    packs = _list_packs(results, wanted)  # before all is described: a name that is not known ends it
    said = say_sheets(sheets.describe_result_sheets(results), language, own)
    if not packs:
        return [_build_whole_page(results, wanted, said, book)]
    return [_build_pack_page(results, pack, said, book) for pack in packs]


def _build_whole_page(results: Results, wanted: ReportRequest, said: Sequence[Sheet], book: str) -> HtmlPage:
    from xlprofit.drawing.html_page import ShownSheet
    from xlprofit.words.speech import term

    title = _("Customer profitability report")
    shown = list(said)
    if wanted.decisions:
        title = term("sheet", names.DECISIONS)
        shown = [sheet for sheet in said if sheet.name == title]
    return _build_page(results, (title, book), [ShownSheet(sheet) for sheet in shown], said)


def _build_pack_page(results: Results, pack: Pack, said: Sequence[Sheet], book: str) -> HtmlPage:
    """Return a page about some customers: the sheet of their pack, and their rows of the others."""
    from xlprofit.drawing.html_page import ShownSheet
    from xlprofit.sheets.pack import describe_pack_sheet
    from xlprofit.words.sheets import say_sheets
    from xlprofit.words.speech import term

    own = results.findings.own
    (first,) = say_sheets([describe_pack_sheet(results, pack)], results.inputs.settings.language, own)
    by_name = {sheet.name: sheet for sheet in said}
    packed = [term("sheet", name) for name in PACKED if len(pack.customers) > 1 or name != names.CUSTOMER_PNL]
    others = [by_name[name] for name in packed if name in by_name]  # one customer's P&L is on the first sheet
    rows = ((sheet, find_customer_rows(sheet, pack.customers)) for sheet in others)
    shown = [ShownSheet(sheet, found) for sheet, found in rows if any(found.values())]
    return _build_page(results, (pack.title, book), [ShownSheet(first), *shown], [first, *said])


def find_customer_rows(sheet: Sheet, customers: Sequence[str]) -> dict[str, list[int]]:
    """Return the indices of the rows about some customers, by table; tables that name no customer are not in it."""
    wanted = set(customers)
    found = {}
    for table in sheet.tables:
        column = next((column for column in table.columns if column.key == "customer"), None)
        if column is not None:
            found[table.name] = [at for at, value in enumerate(column.values) if value in wanted]
    return {name: rows for name, rows in found.items() if rows}


def _build_page(
    results: Results, heads: tuple[str, str], shown: Sequence[ShownSheet], book: Sequence[Sheet]
) -> HtmlPage:
    """Return a page; ``heads`` are its title and the name of the workbook."""
    from xlprofit.drawing.html_page import HtmlPage, PageWords
    from xlprofit.languages import read_writing
    from xlprofit.sheets.frame import describe_analysis_span

    words = PageWords(
        skip=_("Skip to the figures"),
        contents=_("Sheets"),
        meanings=_("What the columns mean"),
        nothing=_("Nothing to show"),
        say_cut=lambda shown, of: _(
            "First {shown:,} of {of:,} rows; all of them are in the workbook", shown=shown, of=of
        ),
    )
    language = results.inputs.settings.language
    subtitle = f"{heads[1]} · {say(describe_analysis_span(results))}"
    return HtmlPage(heads[0], subtitle, language, tuple(shown), book, words, read_writing(language))


# --- packs -------------------------------------------------------------------------------------------


def _list_packs(results: Results, wanted: ReportRequest) -> list[Pack]:
    """Return the packs that are wanted: of a customer, of an owner, of each value of a column; none of the whole."""
    if wanted.customer:
        return [_build_customer_pack(results, results.resolve_customer(wanted.customer))]
    if not (wanted.owner or wanted.by):
        return []
    name = resolve_attribute(wanted.by or "owner", results.inputs.attributes)
    if name is None:
        raise build_attribute_error(wanted.by, results.attributes)
    groups = _group_customers(results, name)
    if wanted.owner:
        return [_build_group_pack(results, *_find_group(groups, wanted.owner))]
    if list(groups) == [""]:
        raise XlprofitError(
            _("Customers says nothing in the column {column}", column=name),
            _("Fill it in, or group by another column: {columns}", columns=", ".join(results.attributes)),
        )
    return [_build_group_pack(results, value, customers) for value, customers in sorted(groups.items())]


def _group_customers(results: Results, attribute: str) -> dict[str, list[str]]:
    """Return the customers by what Customers says of them last in a column; ``""`` has those it does not name."""
    from xlprofit.analysis.attributes import find_values

    groups: dict[str, list[str]] = {}
    for customer, value in find_values(results.inputs, attribute, results.names).items():
        groups.setdefault(str(value), []).append(str(customer))
    return groups


def _find_group(groups: dict[str, list[str]], owner: str) -> tuple[str, list[str]]:
    for value, customers in groups.items():
        if value and value.casefold() == owner.strip().casefold():
            return value, customers
    owners = sorted(value for value in groups if value)
    near = find_nearest_names(owner, owners)
    offered = _(" or ").join(f'"{name}"' for name in near)
    raise XlprofitError(
        _('No customer has the owner "{name}"', name=owner),
        _("Did you mean {names}?", names=offered)
        if near
        else _("Customers names these: {names}", names=", ".join(owners[:MOST_NAMED]) or "–"),
    )


def _build_group_pack(results: Results, value: str, customers: Sequence[str]) -> Pack:
    from xlprofit.sheets.pack import Pack

    title = value or _("(not given)")
    count = _n("One customer only", "{n:,} customers", len(customers))
    everybody = [str(name) for name in results.names]
    return Pack(_("Summary"), title, count, customers, everybody, _("all customers"))


def _build_customer_pack(results: Results, customer: str) -> Pack:
    from xlprofit.analysis.attributes import find_values
    from xlprofit.sheets.pack import Pack
    from xlprofit.words.speech import term

    said = {name: find_values(results.inputs, name, results.names) for name in results.attributes}
    facts = [
        f"{term('Customers', name)}: {values[customer]}" for name, values in said.items() if values[customer]
    ]
    everybody = [str(name) for name in results.names]
    segment = str(results.peers.loc[customer])
    peers = [name for name in everybody if results.peers.loc[name] == segment] if segment else everybody
    whom = segment or _("all customers")
    return Pack(_("Summary"), customer, " · ".join(facts), [customer], peers, whom)


# --- PDF ---------------------------------------------------------------------------------------------


def _load_pdf_writer() -> Any:
    """Return the library that makes a PDF of a page.

    Raises:
        XlprofitError: it is not installed, or what it needs of the system is missing.
    """
    try:
        import weasyprint
    except (ImportError, OSError) as error:
        missing = isinstance(error, ImportError)
        raise XlprofitError(
            _("A PDF needs WeasyPrint, which is not installed")
            if missing
            else _("WeasyPrint does not find Pango, which it needs to make a PDF"),
            _(
                "Install it with {command}, or write .html and print that from a browser",
                command='pip install "xlprofit[report]"',
            )
            if missing
            else _("Install Pango, or write .html and print that from a browser"),
        ) from None
    return weasyprint


def render_pdf(html: str) -> bytes:
    """Return a page as a PDF whose parts are told to a screen reader; nothing is fetched from anywhere.

    Raises:
        XlprofitError: as :func:`write_report`.
    """
    weasyprint = _load_pdf_writer()
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    document = weasyprint.HTML(string=html, url_fetcher=_refuse_fetching)
    content: bytes = document.write_pdf(pdf_tags=True)
    return content


def _refuse_fetching(url: str, *_given: object, **_named: object) -> dict[str, Any]:
    raise ValueError(f"a report fetches nothing: {url[:80]}")
