"""The type library that we write says what the one does that LibreOffice's development kit compiles."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.needs import only_with_all
from xlprofit.calc.interface import ANY, CALLER, INTERFACE, MODULES, ROWS, Method, build_type_library
from xlprofit.calc.package import list_addin_methods

OFFICE = Path("/usr/lib/libreoffice")
COMPILER, READER = (OFFICE / "sdk" / "bin" / name for name in ("unoidl-write", "unoidl-read"))
KNOWN = [OFFICE / "program" / "types.rdb", OFFICE / "program" / "types" / "offapi.rdb"]
TYPES = {ROWS: "sequence< sequence<any> >", ANY: "any", CALLER: CALLER.replace(".", "::")}

pytestmark = only_with_all("LibreOffice's development kit (libreoffice-dev)", COMPILER.is_file())


def _source(listed: list[Method]) -> str:
    """Return the interface in the language that the development kit compiles."""
    lines = [
        f"{TYPES[ROWS]} {name}({', '.join(f'[in] {TYPES[kind]} {parameter}' for parameter, kind in parameters)});"
        for name, parameters in listed
    ]
    opened = "".join(f"module {module} {{ " for module in MODULES)
    return f"{opened}interface {INTERFACE} {{\n{chr(10).join(lines)}\n}};{' };' * len(MODULES)}\n"


def _read(library: Path) -> str:
    """Return what the development kit reads in a type library."""
    done = subprocess.run([READER, *KNOWN, library], check=True, capture_output=True, text=True, timeout=60)
    return done.stdout


def test_it_says_what_the_development_kit_compiles(tmp_path: Path) -> None:
    # Its language has no parameters with an underscore or called "bound"; a type library may have them.
    listed: list[Method] = [
        (name, [(parameter.replace("_", "").replace("bound", "end"), kind) for parameter, kind in parameters])
        for name, parameters in list_addin_methods()
    ]
    source, compiled, ours = (tmp_path / name for name in ("interface.idl", "compiled.rdb", "ours.rdb"))
    source.write_text(_source(listed), encoding="ascii")
    subprocess.run([COMPILER, *KNOWN, source, compiled], check=True, capture_output=True, timeout=60)
    ours.write_bytes(build_type_library(listed))
    assert "CUSTOMER_PROFIT([in] any customer" in _read(ours)
    assert _read(ours) == _read(compiled)
