"""How long sales lines take to be summed to the cube, against a bare GROUP BY of DuckDB over the same files.

Run from the repository's root; the lines are made by DuckDB into Parquet and deleted afterwards:

    uv run python benchmarks/sources.py [lines ...] [--spark lines]

Each run is a process of its own, so that its memory can be told; of several runs the fastest counts.
"of CPU" is the ratio of the processor's time, which other work on the machine disturbs less.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

LINES = (1_000_000, 10_000_000, 100_000_000)
SPARK_LINES = 10_000_000
RUNS = 3

MADE = """
    COPY (
        SELECT DATE '2023-01-01' + (hash(i * 3 + 1) % 730)::INT AS date,
            'C' || lpad(floor(pow((hash(i) % 1000000) / 1e6, 2) * 20000)::INT::VARCHAR, 5, '0') AS customer,
            (hash(i * 7 + 2) % 100000) / 100.0::DOUBLE * CASE WHEN hash(i * 11) % 50 = 0 THEN -1 ELSE 1 END
                AS gross_revenue,
            (hash(i * 5 + 3) % 1000) / 100.0::DOUBLE AS discount,
            (hash(i * 13 + 5) % 50000) / 100.0::DOUBLE AS cogs
        FROM range({lines}) t(i)
    ) TO '{folder}' (FORMAT parquet, PER_THREAD_OUTPUT)
"""
"""Lines of 20,000 customers, few of them big, over two years; one line in fifty is a credit note."""

BARE = """
    SELECT customer, date_trunc('month', date) AS month, sum(gross_revenue), sum(discount), sum(cogs)
    FROM read_parquet('{folder}/*.parquet') GROUP BY ALL
"""


def main(lines: list[int], spark: int) -> None:
    """Time each number of lines and print what they took."""
    print(
        f"{'lines':>12} {'engine':<8} {'bare s':>8} {'cube s':>8} {'ratio':>6} {'of CPU':>6} "
        f"{'sums':>9} {'memory MB':>10}"
    )
    for count in lines:
        _measure(count, "duckdb")
    if spark:
        _measure(spark, "spark")


def _measure(count: int, engine: str) -> None:
    with tempfile.TemporaryDirectory(prefix="xlprofit-lines-") as beside:
        folder = f"{beside}/lines"
        con = duckdb.connect()
        con.execute("SET preserve_insertion_order = false")
        con.execute(MADE.format(lines=count, folder=folder))
        con.close()
        bare, cube = [], []
        for _ in range(RUNS if engine == "duckdb" else 1):  # in turn, so that both meet the same machine
            bare.append(_alone("bare", folder, engine))
            cube.append(_alone("cube", folder, engine))
    busy = f"{min(r['cpu'] for r in cube) / min(r['cpu'] for r in bare):.2f}"
    cpu = busy if engine == "duckdb" else ""  # Spark works, and takes memory, in a process of its own
    least, best = min(bare, key=lambda r: r["seconds"]), min(cube, key=lambda r: r["seconds"])
    print(
        f"{count:>12,} {engine:<8} {least['seconds']:>8.2f} {best['seconds']:>8.2f} "
        f"{best['seconds'] / least['seconds']:>6.2f} {cpu:>6} {best['sums']:>9,.0f} "
        f"{max(r['memory'] for r in cube):>10,.0f}",
        flush=True,
    )


def _alone(what: str, folder: str, engine: str) -> dict[str, float]:
    """Run one of the two in a process of its own."""
    command = [sys.executable, __file__, "--one", what, folder, engine]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def one(what: str, folder: str, engine: str) -> None:
    """Run the bare query or the cube, and print seconds, sums and memory as JSON."""
    if what == "bare":
        con = duckdb.connect()
        begun, busy = time.perf_counter(), time.process_time()
        sums = len(con.execute(BARE.format(folder=folder)).df())
    else:
        import ibis.backends.duckdb  # noqa: F401  (what is timed is the summing, from connecting to the sums)

        from xlprofit.sources import resolve_sources

        begun, busy = time.perf_counter(), time.process_time()
        address = f"spark:{folder}" if engine == "spark" else folder
        raws, _ = resolve_sources({}, [f"Sales={address}"], Path())
        sums = len(raws["Sales"].frame)
    seconds = time.perf_counter() - begun
    cpu = time.process_time() - busy
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "cpu": cpu, "sums": sums, "memory": memory}))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(*sys.argv[2:5])
    else:
        parser = argparse.ArgumentParser(description=__doc__)
        parser.add_argument("lines", nargs="*", type=int, default=list(LINES))
        parser.add_argument("--spark", type=int, default=SPARK_LINES)
        given = parser.parse_args()
        main(given.lines, given.spark)
