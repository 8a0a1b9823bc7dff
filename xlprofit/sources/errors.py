"""What goes wrong with a source: one line that names it, says what is wrong, and how to fix it."""

from __future__ import annotations

import re

from xlprofit.errors import XlprofitError
from xlprofit.messages import N_, _

LONGEST = 200
"""Characters of an engine's own words that are passed on."""


class SourceError(XlprofitError):
    """A source that cannot be reached or read, or that does not hold what its table needs."""


class MissingColumnError(SourceError):
    """A source that lacks a column which its table requires."""


_SAID = (
    (
        r"no password supplied|password authentication failed|authentication failed",
        N_("the server does not take the user or the password"),
        N_(
            "Correct them: the password is read from where the column password of Sources points, or from PGPASSWORD"
        ),
    ),
    (
        r"database \"?[^\"]*\"? does not exist",
        N_("there is no such database"),
        N_("Correct its name in the source"),
    ),
    (
        r"permission denied",
        N_("the user may not read it"),
        N_("Ask for the right to read it, or name another user"),
    ),
    (
        r"read-only transaction|cannot execute .* in a read-only",
        N_("the query would change data"),
        N_("Write a SELECT that only reads"),
    ),
    (
        r"no magic bytes|too small to be a parquet|not a parquet file|is not a valid parquet"
        r"|couldn't deserialize thrift|protocol error|could not read footer|cannot_read_file_footer"
        r"|invalid parquet|file size is \d+ bytes|crc check failed|end-of-stream|not a gzipped file|invalid block type"
        r"|incorrect header check|error -3 while|snappy|zstd decompression|tprotocolexception|corrupt",
        N_("the file is damaged or was only half written"),
        N_("Write it anew, then try again"),
    ),
    (
        r"not utf-8|invalid unicode|invalid utf-?8|unicodedecodeerror|can't decode byte|byte sequence mismatch",
        N_("its letters are not in UTF-8"),
        N_(
            "Say which they are in the column options of Sources, such as encoding=latin-1, or save the file as UTF-8"
        ),
    ),
    (
        r"connection refused|could not connect|connection to server|connection is bad|connection failed"
        r"|failed to resolve|could not translate"
        r"|timeout expired|connection timeout|server closed the connection|terminating connection"
        r"|connection is lost|is starting up",
        N_("the server does not answer"),
        N_("Check that it runs and can be reached from here, then try again"),
    ),
    (
        r"no files found|no such file|path does not exist|path_not_found",
        N_("there is no such file"),
        N_("Correct the path in the source"),
    ),
    (
        r"no such table|table not found|table_or_view_not_found|(relation|table) .* (does not exist|not found)"
        r"|tablenotfound",
        N_("there is no such table"),
        N_("Correct the table in the column query, or after # in the source"),
    ),
    (
        r"column .* does not exist|unresolved_column|referenced column",
        N_("the query names a column that is not there"),
        N_("Correct the query"),
    ),
    (
        r"conversion error|malformed_record|malformed records|badrecord|cannot_parse|numberformatexception"
        r"|could not convert|error when converting|invalid input syntax|cast_invalid_input"
        r"|out of range|cannot be cast|invalid value",
        N_("a value does not fit the type of its column"),
        N_("Correct the value where the data comes from, or give the column another type there"),
    ),
    (
        r"syntax error|parse_syntax_error|parser error",
        N_("the query cannot be understood"),
        N_("Correct the query"),
    ),
    (
        r"out of memory|could not allocate",
        N_("it takes more memory than is allowed"),
        N_("Allow more, such as memory=8GB in the column options of Sources"),
    ),
)
"""What the engines say, in lower case → what is wrong, and the fix."""


def translate_engine_error(label: str, error: BaseException) -> SourceError:
    """Return an engine's error as one line: the source, what is wrong, and how to fix it."""
    words = f"{type(error).__name__}: {error}"
    for pattern, what, fix in _SAID:
        if re.search(pattern, words, re.IGNORECASE):
            reason = _shorten_message(str(error))
            said = _("{source}: {problem} ({reason})", source=label, problem=_(what), reason=reason)
            return SourceError(said, _(fix))
    return SourceError(
        _("{source} cannot be read: {reason}", source=label, reason=_shorten_message(words)),
        _("Fix the source, then try again"),
    )


def build_timeout_error(label: str, seconds: float) -> SourceError:
    """Return the error of a query that was stopped because it took too long."""
    return SourceError(
        _("{source}: the query took longer than {n:g} s and was stopped", source=label, n=seconds),
        _("Narrow the query, or raise {Sources.time_limit} in {Sources}"),
    )


def _shorten_message(words: str) -> str:
    """Return the first line of an engine's words, without what it may tell of passwords."""
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    line = re.sub(r"://[^@/\s]*@", "://…@", lines[0]) if lines else _("no reason given")
    line = re.sub(r"(?i)(password\s*=\s*)\S+", r"\1…", line)
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"
