"""Weekday words: the days of the week as headers, and what a header of the week has in it."""

from __future__ import annotations

import re

_WORDS = (
    "mon monday mo montag lun lundi lunes lunedì lunedi ma maandag maanantai mån måndag mandag man pon poniedziałek pn",
    "tue tues tuesday di dienstag mar mardi martes martedì martedi dinsdag ti tiistai tis tisdag tirsdag wt wtorek",
    "wed wednesday mi mittwoch mer mercredi mié mie miércoles mercoledì mercoledi wo woensdag ke keskiviikko ons "
    "onsdag śr środa",
    "thu thur thurs thursday do donnerstag jeu jeudi jue jueves gio giovedì donderdag to torstai tor torsdag czw "
    "czwartek",
    "fri friday fr freitag ven vendredi vie viernes venerdì venerdi vr vrijdag pe perjantai fre fredag pt piątek",
    "sat saturday sa samstag sonnabend sam samedi sáb sab sábado sabato za zaterdag la lauantai lör lördag lørdag "
    "sobota",
    "sun sunday so sonntag dim dimanche dom domingo domenica zo zondag su sunnuntai sön söndag søndag niedziela nd",
)
"""The days of the week, Monday first, in the languages of exports."""

_DAYS = {word: number for number, words in reversed(list(enumerate(_WORDS))) for word in words.split()}
_HEADER = re.compile(r"([^\W\d_]{2,12})\.?(?:[ ,]+[0-9]{1,2}[./-][0-9]{1,2}\.?(?:[0-9]{2,4})?)?")
WEEK = re.compile(
    r"\bweek\b|\bw/?[cbe]\b|week_?start\w*|\bwoche\b|\bwochenbeginn|\bkw\b|\bvecka|\bviikko|\bviikon|\bsemaine|\bsemana|\bsettimana|\btydzień"
    r"|period (?:start|begin)",
    re.IGNORECASE,
)
"""What a header of the week of a timesheet has in it."""

ENDING = re.compile(r"end|bis|slut|loppu|fin\b|w/?e\b", re.IGNORECASE)
"""What says that it is the last day of the week."""


def read_weekday(header: str) -> int | None:
    """Return the day of the week that a header is, 0 for Monday; ``None`` where it is none.

    >>> read_weekday("Mon"), read_weekday("Fr."), read_weekday("Mi 07.01."), read_weekday("Month")
    (0, 4, 2, None)
    """
    found = _HEADER.fullmatch(header.strip())
    return _DAYS.get(found[1].casefold()) if found else None
