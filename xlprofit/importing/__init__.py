"""Importing: an export as it comes, proposed as tables, confirmed once, and read alike ever after.

A *profile* says how one kind of export becomes tables (:mod:`xlprofit.importing.profiles`). It is proposed from the
names and contents of a file (:mod:`xlprofit.importing.proposals`), kept in the table Sources or in a TOML file, and
applied whenever the file is read (:mod:`xlprofit.importing.extraction`). What a file holds, whatever it is for, stands
below both (:mod:`xlprofit.importing.exports`).
"""
