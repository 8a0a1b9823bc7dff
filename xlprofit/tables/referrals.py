"""The table Referrals: who brought whom."""

from __future__ import annotations

from xlprofit.messages import N_
from xlprofit.tables.spec import ColumnSpec, TableSpec, known_as

REFERRALS = TableSpec(
    "Referrals",
    "Who brought whom.",
    (
        ColumnSpec(
            "referrer",
            "customer",
            "The customer who recommended",
            required=True,
            named_total=True,
            synonyms=known_as(
                en="referred_by", de="empfohlen von, empfehler", sv="rekommenderad av", fi="suosittelija"
            ),
        ),
        ColumnSpec(
            "referred",
            "customer",
            "The customer who came",
            required=True,
            named_total=True,
            synonyms=known_as(
                en="referee, referred customer",
                de="empfohlener, geworbener kunde",
                sv="rekommenderad",
                fi="suositeltu",
            ),
        ),
        ColumnSpec(
            "date",
            "date",
            "When",
            assumed="referrals have been noted for as long as each referrer has been a customer",
            describes=True,
            synonyms=known_as(
                en="referral date, referred on", weak="day, datum, tag, dag, pvm, päivämäärä, päivä"
            ),
        ),
        ColumnSpec(
            "share",
            "share",
            "Share of the credit, where several recommended",
            default=1.0,
            minimum=0.0,
            maximum=1.0,
            assumed="each referrer has the whole credit",
            synonyms=known_as(en="credit share, referral share", de="anteil", sv="andel", fi="osuus"),
        ),
        ColumnSpec(
            "anyway",
            "share",
            "Probability that it would have come anyhow",
            default=0.0,
            minimum=0.0,
            maximum=1.0,
            assumed="none of the customers would have come anyway",
            synonyms=known_as(en="anyhow, would have come anyway"),
        ),
        ColumnSpec(
            "reward",
            "number",
            "What the referrer was given for it, in currency, positive",
            unit="currency",
            default=0.0,
            minimum=0.0,
            assumed="no reward was paid",
            synonyms=known_as(
                en="referral reward, bonus, referral fee", de="prämie, belohnung", sv="belöning", fi="palkkio"
            ),
        ),
    ),
    feeds=N_("What a customer brings by recommending you"),
    part=N_("referral value"),
    key=(
        "referrer",
        "referred",
    ),
)
