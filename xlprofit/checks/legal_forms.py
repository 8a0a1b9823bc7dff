"""Legal forms of companies: which words of a name are one, and which of them mean the same."""

from __future__ import annotations

_SAME = (
    ("ltd", "limited", "pte", "pty"),
    ("plc",),
    ("inc", "incorporated", "corp", "corporation"),
    ("llc", "lc"),
    ("llp", "lp"),
    ("co", "company"),
    ("oy", "osakeyhtio", "osakeyhtiö"),
    ("oyj", "abp"),
    ("ky", "kommandiittiyhtio", "kommandiittiyhtiö", "kb", "kommanditbolag"),
    ("tmi", "toiminimi"),
    ("ry", "rf"),
    ("ab", "aktiebolag", "aktiebolaget"),
    ("hb", "handelsbolag"),
    ("as", "aksjeselskap", "aktieselskab"),
    ("asa",),
    ("aps",),
    ("ivs",),
    ("gmbh", "mbh"),
    ("ag", "aktiengesellschaft"),
    ("kg",),
    ("ohg", "gbr"),
    ("ug",),
    ("se",),
    ("sa",),
    ("sas", "sasu"),
    ("sarl", "eurl"),
    ("bv", "bvba"),
    ("nv",),
    ("spa",),
    ("srl", "srls"),
    ("sl", "slu"),
    ("ou", "oü"),
    ("sia",),
    ("uab",),
    ("spzoo",),
    ("sro",),
    ("kft",),
    ("zrt",),
)

LEGAL_FORMS = {word: of[0] for of in _SAME for word in of}
"""The words of legal forms in lower case, without dots, and the usual word for each."""
