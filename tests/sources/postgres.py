"""A PostgreSQL server of the tests' own: on loopback, with a data folder of its own, never as root."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.sources.needs import INITDB

USER, PASSWORD = "controller", "kept-in-no-workbook"
KINDS = {"M": "date", "f": "double precision", "i": "bigint", "u": "bigint", "b": "boolean"}


@dataclass(frozen=True)
class Server:
    """A server that runs: where it listens, and how tables get into it."""

    port: int

    @property
    def url(self) -> str:
        return f"postgresql://{USER}@127.0.0.1:{self.port}/books"

    def connected(self, **more: Any) -> Any:
        import psycopg

        return psycopg.connect(
            host="127.0.0.1", port=self.port, user=USER, password=PASSWORD, autocommit=True, **more
        )

    def put(self, name: str, frame: pd.DataFrame) -> None:
        """Write a frame as a table, replacing it."""
        columns = ", ".join(f'"{c}" {KINDS.get(frame[c].dtype.kind, "text")}' for c in frame.columns)
        with self.connected(dbname="books") as con, con.cursor() as cursor:
            cursor.execute(f'DROP TABLE IF EXISTS "{name}"; CREATE TABLE "{name}" ({columns})')
            with cursor.copy(f'COPY "{name}" FROM STDIN (FORMAT csv)') as copy:
                copy.write(frame.to_csv(index=False, header=False))


@contextmanager
def running() -> Iterator[Server]:
    """Start a server with a database ``books``, and stop it afterwards."""
    if INITDB is None:
        pytest.fail("XLPROFIT_REQUIRE_ALL is set, and there is no PostgreSQL")
    folder = Path(tempfile.mkdtemp(prefix="xlprofit-pg-"))
    user = _not_root(folder)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    secret = folder / "secret"
    secret.write_text(PASSWORD)
    secret.chmod(0o644)
    data = folder / "data"
    initdb = [str(INITDB), "-D", str(data), "-U", USER, "-A", "scram-sha-256", f"--pwfile={secret}"]
    said = [
        "-h",
        "127.0.0.1",
        "-p",
        str(port),
        "-k",
        str(folder),
        "-c",
        "fsync=off",
        "-c",
        "shared_buffers=32MB",
    ]
    server: subprocess.Popen[bytes] | None = None
    try:
        subprocess.run(
            [*user, *initdb, "-E", "UTF8", "--no-locale", "-N"], check=True, capture_output=True, cwd=folder
        )
        log = (folder / "log").open("wb")
        command = [*user, str(INITDB.with_name("postgres")), "-D", str(data), *said]
        server = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
        made = Server(port)
        _wait(made, server, folder / "log")
        yield made
    finally:
        if server is not None:
            server.terminate()
            server.wait(timeout=20)
        shutil.rmtree(folder, ignore_errors=True)


def _not_root(folder: Path) -> list[str]:
    """Return what a command begins with so that it does not run as root, which the server refuses."""
    if os.geteuid() != 0:
        return []
    import pwd

    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = names.get("postgres") or names["nobody"]
    os.chown(folder, entry.pw_uid, entry.pw_gid)
    return ["setpriv", f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups"]


def _wait(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    import time

    import psycopg

    end = time.monotonic() + 30
    while True:
        try:
            with server.connected(dbname="postgres") as con:
                con.execute("CREATE DATABASE books")
            return
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > end:
                pytest.fail(f"PostgreSQL does not start: {log.read_text(errors='replace')[-500:]}")
            time.sleep(0.05)
