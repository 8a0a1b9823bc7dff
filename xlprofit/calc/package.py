"""Building the extension ``xlprofit.oxt``: a zip file, the same bytes for the same code and the same Python."""

from __future__ import annotations

import json
import sys
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from xlprofit import __version__
from xlprofit.calc.extension import words
from xlprofit.calc.extension.process import SETTINGS
from xlprofit.calc.interface import ANY, CALLER, Method, build_type_library
from xlprofit.errors import FileError
from xlprofit.formulas import REGISTRY
from xlprofit.languages import LANGUAGES, list_codes, read_facts
from xlprofit.markup import escape_markup
from xlprofit.ooxml.saving import replace_files
from xlprofit.words.speech import _, speaking, term

IDENTIFIER = "org.xlprofit"
EXTENSION = "xlprofit.oxt"
TOOLBAR = "org.xlprofit.toolbar"
OLDEST_OFFICE = "7.4"
"""The first LibreOffice whose sheets have more than 1,024 columns, as the results sheet needs."""

_PACKAGE = Path(__file__).parents[1]
_WORDS = ("words/__init__.py", "words/speech.py", "words/answers.py")
_TEXTS = (
    "closed_form.py",
    "folding.py",
    "messages.py",
    "languages/*.py",
    *_WORDS,
    "locale/*/LC_MESSAGES/*.mo",
)
_BUNDLED = (
    "__init__.py",
    "formulas/*.py",
    "vocabulary/*.py",
    "calc/__init__.py",
    "calc/extension/*.py",
    *_TEXTS,
)
"""What the formulas and the buttons are made of; it goes in as it stands."""

_COMPONENT = "component.py"
_DATE = (1980, 1, 1, 0, 0, 0)
_SHEETS = "com.sun.star.sheet.SpreadsheetDocument"
_OOR = (
    'xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)


def build_extension(path: Path = Path(EXTENSION), *, command: tuple[str, ...] | None = None) -> Path:
    """Build the extension into a file, or into a folder under its own name; return the file.

    Args:
        path: the file or the folder.
        command: what the buttons call; this Python's xlprofit where it is not given.

    Raises:
        FileError: the file cannot be written, or is called as something else is.
    """
    target = _resolve_extension_path(path)
    called = command or (sys.executable, "-m", "xlprofit.calc.worker")
    with (
        replace_files([target]) as (beside,),
        zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name, content in sorted(_build_extension_parts(called).items()):
            archive.writestr(zipfile.ZipInfo(name, _DATE), content, zipfile.ZIP_DEFLATED)
    return target


def _resolve_extension_path(path: Path) -> Path:
    """Return the file of an extension: that of its own name in a folder, or the one that is named.

    Raises:
        FileError: it is called as something else is, a workbook maybe.
    """
    if path.is_dir():
        return path / EXTENSION
    if path.suffix.casefold() != Path(EXTENSION).suffix:
        raise FileError(
            _("{path} is no name for an extension", path=path),
            _("Call it {name}, or give a folder", name=f"{path.stem}{Path(EXTENSION).suffix}"),
        )
    return path


def _build_extension_parts(command: tuple[str, ...]) -> dict[str, bytes]:
    texts = {
        "META-INF/manifest.xml": _build_manifest(),
        "description.xml": _build_description(),
        "Addons.xcu": _build_addons(),
        "CalcWindowState.xcu": _build_window_state(),
        SETTINGS: json.dumps({"command": command, "version": __version__}, indent=1),
    }
    parts = {name: text.encode("utf-8") for name, text in texts.items()}
    parts["xlprofit.rdb"] = build_type_library(list_addin_methods())
    parts[_COMPONENT] = (_PACKAGE / "calc" / "extension" / _COMPONENT).read_bytes()
    for pattern in _BUNDLED:
        for file in _PACKAGE.glob(pattern):
            parts[f"pythonpath/xlprofit/{file.relative_to(_PACKAGE).as_posix()}"] = file.read_bytes()
    for code in list_codes():
        facts = json.dumps(read_facts(code), ensure_ascii=False, indent=1)
        parts[f"pythonpath/xlprofit/languages/{code}.json"] = facts.encode("utf-8")
    return parts


def list_addin_methods() -> list[Method]:
    """Return the methods of the add-in: one for each formula, which is told the document that calls if it looks up."""
    return [
        (f.name, [*((a.name, ANY) for a in f.arguments), *([("caller", CALLER)] if f.lookup else [])])
        for f in REGISTRY.values()
    ]


def _build_manifest() -> str:
    kinds = {
        "xlprofit.rdb": "application/vnd.sun.star.uno-typelibrary;type=RDB",
        _COMPONENT: "application/vnd.sun.star.uno-component;type=Python",
        "Addons.xcu": "application/vnd.sun.star.configuration-data",
        "CalcWindowState.xcu": "application/vnd.sun.star.configuration-data",
    }
    entries = "".join(
        f'\n <manifest:file-entry manifest:full-path="{name}" manifest:media-type="{kind}"/>'
        for name, kind in kinds.items()
    )
    namespace = "http://openoffice.org/2001/manifest"
    return f'<?xml version="1.0"?>\n<manifest:manifest xmlns:manifest="{namespace}">{entries}\n</manifest:manifest>\n'


def _build_description() -> str:
    names = "".join(
        f'<name lang="{lang}">xlprofit: {name}</name>' for lang, name in _list_product_names().items()
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<description xmlns="http://openoffice.org/extensions/description/2006"
 xmlns:lo="http://libreoffice.org/extensions/description/2011">
 <identifier value="{IDENTIFIER}"/>
 <version value="{__version__}"/>
 <display-name>{names}</display-name>
 <dependencies>
  <lo:LibreOffice-minimal-version value="{OLDEST_OFFICE}" name="LibreOffice {OLDEST_OFFICE}"/>
 </dependencies>
</description>
"""


def _build_addons() -> str:
    entries = [
        f'<node oor:name="m{place}" oor:op="replace">{_build_menu_entry(name, label)}</node>'
        for place, (name, label) in enumerate(words.COMMANDS)
    ]
    menu = (
        f'<node oor:name="OfficeMenuBar"><node oor:name="{IDENTIFIER}.menu" oor:op="replace">'
        f"{_build_context_property()}{_build_title_property(_list_product_names())}"
        f'<node oor:name="Submenu">{"".join(entries)}</node></node></node>'
    )
    buttons = "".join(entries[: words.ON_TOOLBAR])
    toolbar = (
        f'<node oor:name="OfficeToolBar"><node oor:name="{TOOLBAR}" oor:op="replace">{buttons}</node></node>'
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<oor:component-data {_OOR} oor:name="Addons" '
        f'oor:package="org.openoffice.Office"><node oor:name="AddonUI">{menu}{toolbar}</node></oor:component-data>\n'
    )


def _build_menu_entry(name: str, label: str) -> str:
    address = f"service:{IDENTIFIER}.Commands?{name}"
    target = '<prop oor:name="Target" oor:type="xs:string"><value>_self</value></prop>'
    title = _build_title_property(_say_in_languages(lambda: _(label)))
    return f"{_build_context_property()}{_build_text_property('URL', address)}{title}{target}"


def _build_context_property() -> str:
    return _build_text_property("Context", _SHEETS)


def _build_text_property(name: str, value: str) -> str:
    return f'<prop oor:name="{name}" oor:type="xs:string"><value>{escape_markup(value)}</value></prop>'


def _build_title_property(labels: Mapping[str, str], name: str = "Title") -> str:
    values = "".join(
        f'<value xml:lang="{lang}">{escape_markup(label)}</value>' for lang, label in labels.items()
    )
    return f'<prop oor:name="{name}" oor:type="xs:string">{values}</prop>'


def _list_product_names() -> dict[str, str]:
    return _say_in_languages(lambda: term("product", words.PRODUCT))


def _say_in_languages(told: Callable[[], str]) -> dict[str, str]:
    """Return what is told in each language, by the language's code."""
    found = {}
    for code in LANGUAGES:
        with speaking(code):
            found[code] = told()
    return found


def _build_window_state() -> str:
    resource = f"private:resource/toolbar/addon_{TOOLBAR}"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<oor:component-data {_OOR} oor:name="CalcWindowState" '
        'oor:package="org.openoffice.Office.UI"><node oor:name="UIElements"><node oor:name="States">'
        f'<node oor:name="{resource}" oor:op="replace">{_build_title_property(_list_product_names(), "UIName")}'
        '<prop oor:name="Visible" oor:type="xs:boolean"><value>true</value></prop></node></node></node>'
        "</oor:component-data>\n"
    )
