"""The add-in, built once for all tests that read it back."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from xlprofit.excel.addin import build_addin


@pytest.fixture(scope="session")
def addin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_addin(tmp_path_factory.mktemp("addin"))


@pytest.fixture(scope="session")
def parts(addin: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(addin) as package:
        return {name: package.read(name) for name in package.namelist()}


@pytest.fixture(scope="session")
def minimal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_addin(tmp_path_factory.mktemp("minimal"), minimal=True)
