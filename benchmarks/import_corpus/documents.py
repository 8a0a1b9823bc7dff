"""Exports with kinds of documents, debit and credit, currencies and tax."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from benchmarks.import_corpus.cells import Cell, Row, money, write_money
from benchmarks.import_corpus.export import Export, export_text, tabulate
from benchmarks.import_corpus.lines import Line, build_lines

LINES = build_lines(seed=21)
SOLD = build_lines(seed=22, credits=False)
COMMA = money(",", ".")
PLAIN = money()
Columns = dict[str, Callable[[Line], Cell]]

HEAD: Columns = {
    "Posting Date": lambda line: f"{line.day:%Y-%m-%d}",
    "Customer No.": lambda line: line.customer.number,
    "Customer Name": lambda line: line.customer.name,
    "Document No.": lambda line: line.invoice,
}


def list_kinds() -> Iterator[Export]:
    """Yield exports that say invoice or credit note, with and without a sign."""
    kind: Columns = {"Document Type": lambda line: "Credit Memo" if line.credit else "Invoice"}
    unsigned: Columns = {
        "Amount": lambda line: PLAIN(abs(line.net)),
        "Cost": lambda line: PLAIN(abs(line.cost)),
    }
    signed: Columns = {"Amount": lambda line: PLAIN(line.net), "Cost": lambda line: PLAIN(line.cost)}
    yield export_text(
        "kinds-unsigned.csv",
        "Invoice and credit memo, all amounts positive",
        LINES,
        tabulate(LINES, {**HEAD, **kind, **unsigned}),
    )
    yield export_text(
        "kinds-signed.csv",
        "Invoice and credit memo, credits negative",
        LINES,
        tabulate(LINES, {**HEAD, **kind, **signed}),
    )
    german: Columns = {
        "Belegart": lambda line: "Gutschrift" if line.credit else "Rechnung",
        "Belegdatum": lambda line: f"{line.day:%d.%m.%Y}",
        "Debitor": lambda line: line.customer.number,
        "Betrag": lambda line: COMMA(abs(line.net)),
    }
    yield export_text(
        "kinds-german.csv",
        "Rechnung und Gutschrift, all positive",
        LINES,
        tabulate(LINES, german),
        cost=False,
        sep=";",
    )
    codes: Columns = {
        "BLDAT": lambda line: f"{line.day:%Y%m%d}",
        "KUNNR": lambda line: line.customer.number.zfill(10),
        "BLART": lambda line: "RG" if line.credit else "RV",
        "SHKZG": lambda line: "H" if line.credit else "S",
        "DMBTR": lambda line: PLAIN(abs(line.net)),
        "WAERS": lambda line: "EUR",
    }
    yield export_text(
        "debit-indicator.csv",
        "An indicator S or H beside a positive amount",
        LINES,
        tabulate(LINES, codes),
        cost=False,
        sep=";",
    )


def list_marks() -> Iterator[Export]:
    """Yield exports that tell credit notes by codes, by a mark of 1 and 0, and by a word that nobody knows."""
    for file, shape, header, sale, credit in (
        ("kinds-codes-pt.csv", "FT and NC under Tipo doc., all positive", "Tipo doc.", "FT", "NC"),
        ("kinds-codes-de.csv", "RE and GU under Belegart, all positive", "Belegart", "RE", "GU"),
        ("kinds-mark.csv", "Is return, 0 and 1, all positive", "Is return", "0", "1"),
        (
            "kinds-unknown.csv",
            "Rechnung and Reklamation, all positive",
            "Belegart",
            "Rechnung",
            "Reklamation",
        ),
    ):
        columns: Columns = {
            **HEAD,
            header: partial(_write_kind, sale, credit),
            "Net amount": lambda line: PLAIN(abs(line.net)),
            "Cost of sales": lambda line: PLAIN(abs(line.cost)),
        }
        export = export_text(file, shape, LINES, tabulate(LINES, columns))
        yield replace(export, undecidable=credit == "Reklamation")


def list_titles() -> Iterator[Export]:
    """Yield an export whose title says that its amounts are in thousands."""
    columns: Columns = {
        **HEAD,
        "Net amount": lambda line: f"{line.net / 100_000:.5f}",
        "Cost of sales": lambda line: f"{line.cost / 100_000:.5f}",
    }
    rows: list[Row] = [["Sales by customer (EUR thousands)"], [], *tabulate(LINES, columns)]
    yield export_text("title-thousands.csv", "A title says EUR thousands", LINES, rows)


def _write_kind(sale: str, credit: str, line: Line) -> str:
    return credit if line.credit else sale


def list_sides() -> Iterator[Export]:
    """Yield exports with debit and credit, as columns and as marks behind the amount."""
    sides: Columns = {
        **HEAD,
        "Debit": lambda line: "" if line.credit else PLAIN(line.net),
        "Credit": lambda line: PLAIN(-line.net) if line.credit else "",
    }
    yield export_text(
        "debit-credit.csv",
        "Customer ledger: invoices in Debit, credit notes in Credit",
        LINES,
        tabulate(LINES, sides),
        cost=False,
    )
    revenue: Columns = {
        "Buchungsdatum": lambda line: f"{line.day:%d.%m.%Y}",
        "Konto": lambda line: "4400",
        "Kunde": lambda line: line.customer.name,
        "Soll": lambda line: COMMA(-line.net) if line.credit else "",
        "Haben": lambda line: "" if line.credit else COMMA(line.net),
    }
    yield export_text(
        "soll-haben.csv",
        "Revenue account: sales in Haben, credit notes in Soll",
        LINES,
        tabulate(LINES, revenue),
        cost=False,
        sep=";",
    )
    marked: Columns = {
        "Date": lambda line: f"{line.day.day}-{line.day:%b}-{line.day:%Y}",
        "Particulars": lambda line: line.customer.name,
        "Vch Type": lambda line: "Credit Note" if line.credit else "Sales",
        "Vch No.": lambda line: line.invoice,
        "Amount": lambda line: write_money(abs(line.net), ".", ",") + (" Cr" if line.credit else " Dr"),
    }
    yield export_text(
        "dr-cr.csv",
        "Customer ledger: 1,234.50 Dr and 1,234.50 Cr",
        LINES,
        tabulate(LINES, marked),
        cost=False,
    )
    kinds: Columns = {
        "Document Type": lambda line: "Credit Memo" if line.credit else "Invoice",
        "Amount": lambda line: PLAIN(line.net),
    }
    paid: list[Row] = []
    for place, row in enumerate(tabulate(LINES, {**HEAD, **kinds})):
        paid.append(row)
        if place and place % 3 == 0:
            paid.append([*row[:3], f"P{place}", "Payment", f"-{row[5]}".replace("--", "")])
    yield export_text(
        "with-payments.csv", "Customer ledger with payments among the invoices", LINES, paid, cost=False
    )


def list_currencies() -> Iterator[Export]:
    """Yield exports with currencies and tax."""
    one: Columns = {
        "Currency": lambda line: "EUR",
        "Net Amount": lambda line: PLAIN(line.net),
        "Cost": lambda line: PLAIN(line.cost),
    }
    yield export_text(
        "one-currency.csv", "A column of currencies, all EUR", LINES, tabulate(LINES, {**HEAD, **one})
    )
    foreign: Columns = {
        "Currency Code": lambda line: "SEK" if line.customer.country == "SE" else "",
        "Amount": lambda line: PLAIN(line.net * 11 if line.customer.country == "SE" else line.net),
        "Amount (LCY)": lambda line: PLAIN(line.net),
    }
    yield export_text(
        "local-currency.csv",
        "Two currencies, and the amount in local currency beside",
        LINES,
        tabulate(LINES, {**HEAD, **foreign}),
        cost=False,
    )
    mixed: Columns = {
        "Currency": lambda line: "SEK" if line.customer.country == "SE" else "EUR",
        "Amount": lambda line: PLAIN(line.net * 11 if line.customer.country == "SE" else line.net),
    }
    both = export_text(
        "mixed-currencies.csv",
        "Two currencies, no rate: cannot be added up",
        LINES,
        tabulate(LINES, {**HEAD, **mixed}),
        cost=False,
    )
    yield Export(both.file, both.shape, "Sales", both.content, both.truth, both.rows, undecidable=True)
    taxed: Columns = {
        "Net": lambda line: PLAIN(line.net),
        "VAT": lambda line: PLAIN(line.tax),
        "Total": lambda line: PLAIN(line.net + line.tax),
    }
    yield export_text(
        "net-tax-total.csv", "Net, VAT and total", LINES, tabulate(LINES, {**HEAD, **taxed}), cost=False
    )
    included: Columns = {
        "Total incl. VAT": lambda line: PLAIN(line.net + line.tax),
        "VAT": lambda line: PLAIN(line.tax),
    }
    yield export_text(
        "total-tax.csv",
        "Total with VAT, and the VAT; no net",
        LINES,
        tabulate(LINES, {**HEAD, **included}),
        cost=False,
    )
    margins: Columns = {
        "Revenue": lambda line: PLAIN(line.net),
        "Margin %": lambda line: f"{(line.net - line.cost) / line.net:.1%}",
        "Gross Margin": lambda line: PLAIN(line.net - line.cost),
    }
    yield export_text(
        "margin.csv", "Revenue and gross margin, no cost", SOLD, tabulate(SOLD, {**HEAD, **margins})
    )


def list_documents() -> Iterator[Export]:
    """Yield every export of this file."""
    yield from list_kinds()
    yield from list_marks()
    yield from list_titles()
    yield from list_sides()
    yield from list_currencies()
