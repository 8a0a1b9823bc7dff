"""Exports with the headers of a language."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.import_corpus.cells import NARROW, money
from benchmarks.import_corpus.export import Export, export_text, tabulate
from benchmarks.import_corpus.lines import build_lines

LINES = build_lines(seed=41)
COMMA = money(",", ".")


def list_languages() -> Iterator[Export]:
    """Yield exports in German, French, Spanish, Swedish, Finnish, Italian and Dutch."""
    french = tabulate(
        LINES,
        {
            "Date facture": lambda line: f"{line.day:%d/%m/%Y}",
            "N° facture": lambda line: line.invoice,
            "Code client": lambda line: line.customer.number,
            "Nom client": lambda line: line.customer.name,
            "Article": lambda line: line.product,
            "Quantité": lambda line: line.quantity,
            "Montant HT": lambda line: money(",", NARROW)(line.net),
            "Prix de revient": lambda line: money(",", NARROW)(line.cost),
        },
    )
    yield export_text("french.csv", "French headers", LINES, french, sep=";")
    sage = tabulate(
        LINES,
        {
            "Date": lambda line: f"{line.day:%d/%m/%Y}",
            "Client": lambda line: line.customer.name,
            "Montant brut": lambda line: money(",")(line.gross),
            "Remise": lambda line: money(",")(line.discount),
            "Coût d'achat": lambda line: money(",")(line.cost),
        },
    )
    yield export_text(
        "french-remise.csv",
        "French, gross amount and discount",
        LINES,
        sage,
        sep=";",
        encoding="cp1252",
        discount=True,
    )
    spanish = tabulate(
        LINES,
        {
            "Fecha factura": lambda line: f"{line.day:%d/%m/%Y}",
            "Nº factura": lambda line: line.invoice,
            "Código cliente": lambda line: line.customer.number,
            "Razón social": lambda line: line.customer.name,
            "Cantidad": lambda line: line.quantity,
            "Base imponible": lambda line: COMMA(line.net),
            "Coste": lambda line: COMMA(line.cost),
        },
    )
    yield export_text("spanish.csv", "Spanish headers", LINES, spanish, sep=";", encoding="cp1252")
    plain = tabulate(
        LINES,
        {
            "Fecha": lambda line: f"{line.day:%d/%m/%Y}",
            "Cliente": lambda line: line.customer.name,
            "Importe bruto": lambda line: COMMA(line.gross),
            "Descuento": lambda line: COMMA(line.discount),
            "Coste de ventas": lambda line: COMMA(line.cost),
        },
    )
    yield export_text(
        "spanish-descuento.csv", "Spanish, gross amount and discount", LINES, plain, sep=";", discount=True
    )
    swedish = tabulate(
        LINES,
        {
            "Fakturanr": lambda line: line.invoice,
            "Fakturadatum": lambda line: f"{line.day}",
            "Kundnr": lambda line: line.customer.number,
            "Kundnamn": lambda line: line.customer.name,
            "Art.nr": lambda line: line.product,
            "Antal": lambda line: line.quantity,
            "Belopp exkl. moms": lambda line: money(",", " ")(line.net),
            "TB": lambda line: money(",", " ")(line.net - line.cost),
            "TG %": lambda line: f"{(line.net - line.cost) / line.net * 100:.1f}".replace(".", ","),
        },
    )
    yield export_text(
        "swedish.csv", "Swedish headers, margin TB given", LINES, swedish, sep=";", encoding="cp1252"
    )
    finnish = tabulate(
        LINES,
        {
            "Laskupvm": lambda line: f"{line.day.day}.{line.day.month}.{line.day.year}",
            "Laskunro": lambda line: line.invoice,
            "Asiakasnro": lambda line: line.customer.number,
            "Asiakkaan nimi": lambda line: line.customer.name,
            "Tuote": lambda line: line.product,
            "Määrä": lambda line: line.quantity,
            "Veroton summa": lambda line: money(",", " ")(line.net),
            "Hankintahinta yhteensä": lambda line: money(",", " ")(line.cost),
        },
    )
    yield export_text("finnish.csv", "Finnish headers", LINES, finnish, sep=";", encoding="cp1252")
    margin = tabulate(
        LINES,
        {
            "Päiväys": lambda line: f"{line.day.day}.{line.day.month}.{line.day.year}",
            "Asiakas": lambda line: line.customer.name,
            "Liikevaihto": lambda line: money(",")(line.net),
            "Myyntikate": lambda line: money(",")(line.net - line.cost),
        },
    )
    yield export_text("finnish-kate.csv", "Finnish, gross margin given", LINES, margin, sep=";")
    german = tabulate(
        LINES,
        {
            "Rechnungsdatum": lambda line: f"{line.day:%d.%m.%Y}",
            "Kd.-Nr.": lambda line: line.customer.number,
            "Kunde": lambda line: line.customer.name,
            "Warengruppe": lambda line: line.product[:1],
            "Bruttoerlös": lambda line: COMMA(line.gross),
            "Rabatt": lambda line: COMMA(line.discount),
            "Nettoerlös": lambda line: COMMA(line.net),
            "EK-Wert": lambda line: COMMA(line.cost),
            "DB": lambda line: COMMA(line.net - line.cost),
        },
    )
    yield export_text(
        "german-margin.csv",
        "German: gross, discount, net, purchase value and margin",
        LINES,
        german,
        sep=";",
        encoding="cp1252",
        discount=True,
    )
    italian = tabulate(
        LINES,
        {
            "Data": lambda line: f"{line.day:%d/%m/%Y}",
            "Cliente": lambda line: line.customer.name,
            "Imponibile": lambda line: COMMA(line.net),
            "Costo": lambda line: COMMA(line.cost),
        },
    )
    yield export_text("italian.csv", "Italian headers", LINES, italian, sep=";")
    dutch = tabulate(
        LINES,
        {
            "Factuurdatum": lambda line: f"{line.day:%d-%m-%Y}",
            "Klantnummer": lambda line: line.customer.number,
            "Klantnaam": lambda line: line.customer.name,
            "Omzet": lambda line: COMMA(line.net),
            "Kostprijs omzet": lambda line: COMMA(line.cost),
        },
    )
    yield export_text("dutch.csv", "Dutch headers", LINES, dutch, sep=";")
