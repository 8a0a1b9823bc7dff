"""Importing: an export as it comes, proposed as tables, confirmed once, and read alike ever after.

A *profile* (:mod:`xlprofit.importing.profile`) says how one kind of export becomes tables. It is proposed from the
names and contents of a file (:mod:`xlprofit.importing.proposal`), kept in the table Sources or in a TOML file, and
applied whenever the file is read (:mod:`xlprofit.importing.application`). Ready profiles lie in ``profiles/``.
"""
