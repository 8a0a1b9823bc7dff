"""Names of companies: Finnish, invented, each but once."""

from __future__ import annotations

from itertools import product


def _split_demo_names(names: str) -> tuple[str, ...]:
    return tuple(names.split("|"))


TOWNS = _split_demo_names(
    "Tampere|Turku|Oulu|Lahti|Kuopio|Jyväskylä|Pori|Vaasa|Joensuu|Lappeenranta|Hämeenlinna|Rovaniemi|Seinäjoki|"
    "Mikkeli|Kotka|Salo|Porvoo|Kokkola|Lohja|Hyvinkää|Järvenpää|Rauma|Kajaani|Savonlinna|Riihimäki|Kemi|Imatra|"
    "Raahe|Äänekoski|Ylöjärvi|Tornio|Iisalmi|Naantali|Heinola|Forssa"
)
_OF_TOWNS = _split_demo_names(
    "Tampereen|Turun|Oulun|Lahden|Kuopion|Jyväskylän|Porin|Vaasan|Joensuun|Lappeenrannan|Hämeenlinnan|Rovaniemen|"
    "Seinäjoen|Mikkelin|Kotkan|Salon|Porvoon|Kokkolan|Lohjan|Hyvinkään|Järvenpään|Rauman|Kajaanin|Savonlinnan|"
    "Riihimäen|Kemin|Imatran|Raahen|Äänekosken|Ylöjärven|Tornion|Iisalmen|Naantalin|Heinolan|Forssan"
)
_SHOPS = _split_demo_names("Astiapuoti|Keittiökauppa|Talouskauppa|Lahjatalo|Kattaustarvike|Kotikeittiö")
_EATING = _split_demo_names("Ravintola|Kahvila|Bistro|Lounastupa|Pitopalvelu")
_EATING_NAMES = _split_demo_names(
    "Kultakauha|Hopealusikka|Järvitähti|Vanha Mylly|Sininen Hetki|Punainen Tupa|Metsätähti|Särkänhovi|Köynnös|"
    "Tyrnimarja|Pihlajapiha|Näköala|Höyrypannu|Lähdepuro|Ruispelto|Suolakivi|Myrskylyhty|Kuutamo|Revontuli|"
    "Jäämeri|Hämyranta|Löylyhetki|Tähkäpää|Ketunleipä|Vesipysäkki|Kuukkeli|Poronkello|Satamakonttori|Tervahovi|"
    "Kehräämö|Sahanranta|Mansikkamäki|Ahjo|Uunilintu"
)
_SLEEPING = _split_demo_names("Hotelli|Kylpylä|Majatalo|Lomakeskus")
_SLEEPING_NAMES = _split_demo_names(
    "Järvenselkä|Tunturituuli|Saaristolyhty|Koivukartano|Hiidenhovi|Merituuli|Aurinkoniemi|Lumikaarre|Pyhäkivi|"
    "Hopeaniemi|Vuorentausta|Kalliolinna|Sinilampi|Suvituuli|Ahvenlampi|Honkahovi|Kesäniemi|Ruskamaja|Jääkukka|"
    "Pöllönpesä|Hirvikoski"
)
_ONLINE = _split_demo_names(
    "Kattaus|Kupari|Lasi|Emali|Posliini|Liesi|Puulusikka|Paistinpannu|Kahvipannu|Leipälauta|Servietti|Kulho|"
    "Tarjotin|Pöytäliina|Teepannu|Kauha|Veitsi|Mittalusikka"
)
_ONLINE_NAMES = _split_demo_names("verkko|netti|pörssi|suora")

_POOLS = {
    "Restaurants": [f"{kind} {name}" for name, kind in product(_EATING_NAMES, _EATING)],
    "Hotels": [f"{kind} {name}" for name, kind in product(_SLEEPING_NAMES, _SLEEPING)],
    "Shops": [f"{town} {kind}" for kind, town in product(_SHOPS, _OF_TOWNS)],
    "Online resellers": [f"{ware}{name}" for name, ware in product(_ONLINE_NAMES, _ONLINE)],
}


def company_names(segment: str, first: int, count: int) -> list[str]:
    """Return ``count`` company names of a segment, from number ``first`` on.

    Once the pool is used up, names go round again with a town behind them, then with a number.

    >>> company_names("Hotels", 0, 2)
    ['Hotelli Järvenselkä', 'Kylpylä Järvenselkä']
    """
    pool = _POOLS[segment]
    return [pool[i % len(pool)] + _suffix(i // len(pool)) for i in range(first, first + count)]


def _suffix(turn: int) -> str:
    if turn == 0:
        return ""
    return f", {TOWNS[turn - 1]}" if turn <= len(TOWNS) else f" {turn}"
