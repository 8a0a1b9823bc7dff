"""What the function wizard says of each formula, in English (the registry's own words) and in Finnish."""

from __future__ import annotations

from typing import NamedTuple

from xlprofit.formulas import REGISTRY


class Described(NamedTuple):
    """What the wizard says of a formula: what it gives, and each argument's name and help."""

    summary: str
    arguments: tuple[tuple[str, str], ...]


def described(name: str, language: str) -> Described:
    """Return what the wizard says of a formula in a language (``fi``); English where there is no other."""
    function = REGISTRY[name]
    if language != "fi":
        return Described(function.summary, tuple((a.name, a.help) for a in function.arguments))
    given = FINNISH[name]
    return Described(given[0], tuple(zip(given[1::2], given[2::2])))


_CUSTOMER = ("asiakas", "Asiakkaan nimi tai alue, jossa on nimiä")
_PERIOD = ("jakso", "Jakso, kuten 2024-03, 2024-Q1 tai 2024, tai päivä siltä; tyhjä: koko aika")
_RETENTION = ("pysyvyys", "Todennäköisyys, että asiakas pysyy vielä vuoden, 0–1")
_DISCOUNT = ("korko", "Laskentakorko vuodessa, kuten 0,1 tai 10 %")
_HORIZON = ("vuodet", "Montako vuotta lasketaan; tyhjä: loputtomiin")
_TIMING = "Milloin ensimmäinen kate tulee: start (nyt) tai end (vuoden kuluttua); tyhjä: "

FINNISH = {
    "CUSTOMER_PROFIT": (
        "Asiakkaan tulos tai muu asiakaskannattavuuslaskelman rivi viimeisestä päivityksestä; ilman "
        "argumentteja koko taulukko, paras asiakas ensin.",
        "asiakas",
        "Nimi tai alue, jossa on nimiä; ei mitään: koko taulukko",
        "mittari",
        "Laskelman rivi, kuten net_revenue; tyhjä: profit (tulos)",
        *_PERIOD,
    ),
    "COST_TO_SERVE": (
        "Asiakkaan palvelukustannus kaikkiaan tai yhdestä ryhmästä tai toiminnosta, viimeisestä päivityksestä; "
        "negatiivinen.",
        *_CUSTOMER,
        "osa",
        "Ryhmä, kuten service, tai toiminto; tyhjä: kaikki",
        *_PERIOD,
    ),
    "CUSTOMER_STATE": (
        "Mihin asiakas on menossa: Profitable (kannattava), Slipping (heikkenevä), Loss-making (tappiollinen), "
        "Recovering (toipuva), New (uusi) tai Dormant (hiljainen).",
        *_CUSTOMER,
    ),
    "CUSTOMER_DECISION": (
        "Mitä asiakkaasta neuvotaan: keep (pidä), fix (korjaa) tai end (lopeta).",
        *_CUSTOMER,
    ),
    "REFERRAL_VALUE": (
        "Asiakkaan suositteluarvo viimeisestä päivityksestä: mitä se toi suosittelemalla. Ei sisälly tulokseen.",
        *_CUSTOMER,
    ),
    "EXPLAIN_PROFIT": (
        "Rivit, joiden summa asiakkaan tulos on: määrä, yksikköhinta ja summa.",
        "asiakas",
        "Asiakkaan nimi",
        "rivi",
        "Mittari, ryhmä tai rivi, kuten toiminto; tyhjä: kaikki",
    ),
    "WHALE_CURVE": (
        "Tulokset parhaasta alkaen ja niiden kertymä (valaskäyrä): annetusta alueesta tai, ilman argumenttia, "
        "viimeisestä päivityksestä.",
        "tulokset",
        "Rivi tai sarake tuloksia, tai kaksi saraketta: asiakkaat ja tulokset; ei mitään: viimeinen päivitys",
    ),
    "CAPACITY_RATE": (
        "Kapasiteetin yksikkökustannus: kustannus / (kapasiteetti × käytännöllinen osuus). Loppu on käyttämätöntä "
        "kapasiteettia.",
        "kustannus",
        "Resurssin kustannus jaksolla, positiivinen",
        "kapasiteetti",
        "Montako yksikköä, kuten minuuttia, se pystyisi jaksolla antamaan",
        "osuus",
        "Osuus kapasiteetista, joka on käytännössä tehtävissä, 0–1; tyhjä: 1",
    ),
    "RECEIVABLE_COST": (
        "Mitä saatavan rahoitus maksaa, kunnes se maksetaan: summa × korko × päivät / 365.",
        "summa",
        "Lasku tai keskimääräinen saatava",
        "päivät",
        "Päivät, jotka se on auki",
        "korko",
        "Pääoman kustannus vuodessa, kuten 0,08 tai 8 %",
    ),
    "LIFETIME_VALUE": (
        "Asiakkaan elinkaariarvo: sen katteen nykyarvo ajalta, jonka se pysyy.",
        "kate",
        "Vuoden kate",
        *_RETENTION,
        *_DISCOUNT,
        *_HORIZON,
        "ajoitus",
        f"{_TIMING}end, kuten funktiossa NA (PV)",
    ),
    "PROSPECT_VALUE": (
        "Minkä arvoista mahdollista asiakasta on tavoitella: voiton todennäköisyys × elinkaariarvo − tavoittelun "
        "kustannus.",
        "todennäköisyys",
        "Todennäköisyys saada asiakas, 0–1",
        "tuotto",
        "Mitä siitä jäisi vuodessa: kate × liikevaihto − palvelukustannus − luoton kustannus",
        *_RETENTION,
        *_DISCOUNT,
        "tavoittelu",
        "Mitä asiakkaan saaminen maksaa, positiivinen; tyhjä: ei mitään",
        *_HORIZON,
        "ajoitus",
        f"{_TIMING}start",
    ),
}
"""For each formula what it gives, then in turn each argument's name and help."""

COMMANDS = (
    ("refresh", "Refresh", "Päivitä"),
    ("check", "Check", "Tarkista"),
    ("explain", "Explain this cell", "Selitä tämä solu"),
    ("new", "New from template", "Uusi mallipohjasta"),
    ("from_excel", "Formulas from Excel", "Kaavat Excelistä"),
    ("for_excel", "Save a copy for Excel…", "Tallenna kopio Exceliä varten…"),
)
"""The entries of the menu: what the command's address says, and the label in English and in Finnish."""

MENU = ("Customer profit", "Asiakaskannattavuus")
"""What the menu and the toolbar are called in English and in Finnish."""

ON_TOOLBAR = 4
"""How many of the commands, from the first on, the toolbar has."""
