"""The same input gives the same bytes on every processor: the computation run as other processors would run it."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.needs import takes_minutes
from xlprofit.drawing.digits import round_digits, round_number

HASHES = """
import hashlib, json, sys
from zipfile import ZipFile
import xlprofit
from xlprofit.samples import demo
from xlprofit.workflow import refresh
company = demo.tables(customers=60, sales_lines=2_000, activity_rows=1_500)
paths = {"demo": xlprofit.new(sys.argv[1] + "/demo.xlsx", company)}
paths |= {t: xlprofit.new(f"{sys.argv[1]}/{t}.xlsx", template=t) for t in ("wholesale", "services", "subscription")}
found = {}
for name, path in paths.items():
    with ZipFile(refresh(path).path) as book:
        for part in book.namelist():
            if part != "docProps/core.xml":
                found[f"{name} {part}"] = hashlib.sha256(book.read(part)).hexdigest()
print(json.dumps(found))
"""
"""Makes workbooks, refreshes them, and prints a digest of each part; the core properties bear the time."""


def _found_features() -> list[str]:
    """Return the vector units that numpy uses on this processor, beyond those it needs."""
    said: dict[str, dict[str, list[str]]] = np.show_config(mode="dicts")  # type: ignore[assignment]
    return said["SIMD Extensions"].get("found", [])


def _processors() -> dict[str, dict[str, str]]:
    features = _found_features()
    known = {
        "one thread": {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        "two threads": {"OPENBLAS_NUM_THREADS": "2", "OMP_NUM_THREADS": "2"},
        "no vector units": {"NPY_DISABLE_CPU_FEATURES": " ".join(features)} if features else {},
        "narrower vector units": {"NPY_DISABLE_CPU_FEATURES": " ".join(features[1:])} if features[1:] else {},
    }
    if platform.machine() in ("x86_64", "AMD64"):
        known |= {
            f"the kernels of {core}": {"OPENBLAS_CORETYPE": core}
            for core in ("Sandybridge", "Zen", "Nehalem")
        }
    return {name: said for name, said in known.items() if said}


def _digests(folder: Path, said: dict[str, str]) -> dict[str, str]:
    folder.mkdir()
    ours = {k: v for k, v in os.environ.items() if not k.startswith(("NPY_", "OPENBLAS_", "OMP_"))}
    done = subprocess.run(
        [sys.executable, "-c", HASHES, str(folder)],
        env=ours | said,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, str] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def as_it_is(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return _digests(tmp_path_factory.mktemp("processor") / "as_it_is", {})


@takes_minutes
@pytest.mark.parametrize("processor", _processors())
def test_every_part_is_the_same(processor: str, as_it_is: dict[str, str], tmp_path: Path) -> None:
    other = _digests(tmp_path / "other", _processors()[processor])
    assert len(other) > 60
    assert [part for part in as_it_is if as_it_is[part] != other.get(part)] == []


def test_numbers_are_written_with_the_digits_that_excel_keeps() -> None:
    rng = np.random.default_rng(5)
    numbers = np.concatenate(
        [rng.normal(0.0, 1e4, 5_000), rng.lognormal(0.0, 8.0, 5_000), [1.0, 0.1, 1e-3, 1e14]]
    )
    rounded = round_digits(numbers)
    assert (np.abs(rounded - numbers) <= np.abs(numbers) * 6e-15).all()
    kept = rounded[(np.abs(rounded) >= 1e-8) & (np.abs(rounded) < 1e15)]
    assert [v for v in kept.tolist() if v != float(f"{v:.15g}")] == []
    assert (round_digits(rounded) == rounded).all()


def test_what_is_no_number_and_what_is_whole_stays() -> None:
    assert np.isnan(round_number(float("nan")))
    assert [round_number(v) for v in (0.0, 12.0, -7.0, 1e15, 123456789012345678.0)] == [
        *(0.0, 12.0, -7.0, 1e15, 123456789012345678.0)
    ]


def test_noise_behind_the_last_digit_is_no_other_number() -> None:
    assert round_number(0.1 + 0.2) == round_number(0.3)
    digest = hashlib.sha256(round_digits(np.array([0.1 + 0.2, 0.7 + 0.1])).tobytes())
    assert digest.digest() == hashlib.sha256(round_digits(np.array([0.3, 0.8])).tobytes()).digest()
