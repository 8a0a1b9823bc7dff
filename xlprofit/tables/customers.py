"""The table Customers: who the customers are. Without it, they are the names that the other tables mention."""

from __future__ import annotations

from dataclasses import replace

from xlprofit.messages import N_
from xlprofit.tables.common_headers import CUSTOMER_HEADERS, SEGMENT_HEADERS
from xlprofit.tables.spec import ColumnSpec, Synonyms, TableSpec, known_as, split_words

CUSTOMERS = TableSpec(
    "Customers",
    "Who the customers are. Without it, they are the names that the other tables mention.",
    (
        ColumnSpec(
            "customer",
            "customer",
            "The customer's number or name",
            required=True,
            defines=True,
            offered=True,
            named_total=True,
            synonyms=replace(
                CUSTOMER_HEADERS, names=(), weak=split_words("account_no, account, client, partner")
            ),
        ),
        ColumnSpec(
            "name",
            "text",
            "The name to show",
            synonyms=Synonyms(
                names=CUSTOMER_HEADERS.names,
                weak=split_words("company, firma, organisation, organization, display name, full name"),
            ),
        ),
        ColumnSpec(
            "segment",
            "text",
            "Segment, used for benchmarks and commissions",
            assumed="all customers are compared as one segment, "
            "and a commission rule for a segment matches no customer",
            groups=True,
            scope="segment",
            attribute=True,
            synonyms=SEGMENT_HEADERS,
        ),
        ColumnSpec(
            "channel",
            "text",
            "Sales channel",
            assumed="a commission rule for a channel matches no customer",
            groups=True,
            scope="channel",
            attribute=True,
            scope_alone=True,
            synonyms=known_as(
                en="sales_channel, distribution channel, lead source, vtweg",
                de="vertriebskanal, vertriebsweg, absatzkanal, kanal",
                sv="försäljningskanal, säljkanal",
                fi="myyntikanava, kanava",
                weak="source",
            ),
        ),
        ColumnSpec(
            "owner",
            "text",
            "Who looks after the customer",
            assumed="a commission rule for an owner matches no customer",
            groups=True,
            scope="owner",
            attribute=True,
            scope_alone=True,
            synonyms=known_as(
                en=(
                    "account_manager, account owner, key account manager, salesperson, sales_rep, "
                    "sales representative, salesperson code, sales employee"
                ),
                de="kundenbetreuer, vertriebsmitarbeiter, außendienst, verkäufer, betreuer",
                sv="kundansvarig, säljare",
                fi="asiakasvastaava, vastuumyyjä, myyjä",
                weak="responsible, assigned to",
            ),
        ),
        ColumnSpec(
            "since",
            "date",
            "Customer since",
            assumed="a customer began with its first sale",
            describes=True,
            synonyms=known_as(
                en="customer_since, client since, created date, created on, created at, start date",
                de="kunde seit, angelegt am",
                sv="kund sedan",
                fi="asiakas alkaen, asiakkuus alkoi",
            ),
        ),
        ColumnSpec(
            "ended",
            "date",
            "Day on which it ended, or is to end after notice; blank: it is a customer still",
            describes=True,
            open_ended=True,
            synonyms=known_as(
                en=(
                    "ended_on, end date, customer until, churn date, churned on, cancelled on, cancellation date, "
                    "contract end, terminated on, lost on"
                ),
                de="beendet am, kunde bis, kündigungsdatum, gekündigt am, vertragsende",
                sv="avslutad, kund till, uppsagd",
                fi="päättynyt, asiakas asti, asiakkuus päättyi, irtisanottu",
            ),
        ),
        ColumnSpec(
            "referrals",
            "number",
            "How many customers it has brought, where nobody knows their names",
            unit="times",
            minimum=0.0,
            synonyms=known_as(
                en="referral count, number of referrals, customers referred",
                de="empfehlungen, anzahl empfehlungen",
                sv="rekommendationer, antal rekommendationer",
                fi="suositukset, suositusten määrä",
            ),
        ),
        ColumnSpec(
            "country",
            "text",
            "Country",
            attribute=True,
            synonyms=known_as(
                en="country_region, country/region, country code, billing country",
                de="land, länderkennzeichen",
                fi="maa",
            ),
        ),
        ColumnSpec(
            "parent",
            "customer",
            "The customer or group that it belongs to; any number of levels",
            describes=True,
            attribute=True,
            synonyms=known_as(
                en=(
                    "parent_customer, parent account, parent company, parent_id, group customer, head office, "
                    "ultimate parent"
                ),
                de="konzern, konzernmutter, mutterkunde, übergeordneter kunde, hauptkunde",
                sv="koncern, moderbolag, huvudkund, överordnad kund",
                fi="emoyhtiö, konserni, konserniasiakas, pääasiakas, emoasiakas",
            ),
        ),
        ColumnSpec(
            "from",
            "date",
            "First day on which the row holds; blank: always",
            describes=True,
            synonyms=known_as(
                en="valid_from, effective from, from date",
                de="gültig ab",
                sv="giltig från",
                fi="voimassa alkaen",
            ),
        ),
        ColumnSpec(
            "until",
            "date",
            "Last day on which the row holds; blank: still",
            describes=True,
            open_ended=True,
            synonyms=known_as(
                en="valid_to, valid until, effective to, until date",
                de="gültig bis",
                sv="giltig till",
                fi="voimassa asti",
            ),
        ),
    ),
    feeds=N_("The names to show; segments, channels and owners to compare by"),
    part=N_("segments, owners and channels"),
    key=("customer", "from", "until"),
    attributes=True,
    asks_sums=True,
)
