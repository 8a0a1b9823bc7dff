"""LibreOffice as the buttons see it: documents, message boxes, the status bar, the language of the menus."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import uno  # type: ignore[import-not-found]  # LibreOffice's own
from com.sun.star.beans import PropertyValue  # type: ignore[import-not-found]  # the same

from xlprofit.calc.extension.words import PRODUCT
from xlprofit.languages import LANGUAGES
from xlprofit.messages import ENGLISH
from xlprofit.words.speech import term

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Stage = Callable[[str], None]

_SETUP = "/org.openoffice.Setup/L10N"


class Office:
    """A running LibreOffice."""

    def __init__(self, context: Any) -> None:
        self._context = context
        self._desktop = self.service("com.sun.star.frame.Desktop")

    def service(self, name: str, *arguments: object) -> Any:
        """Return one of LibreOffice's services."""
        return self._context.ServiceManager.createInstanceWithArgumentsAndContext(
            name, arguments, self._context
        )

    def document(self) -> Any:
        """Return the document that the user is in, or ``None``."""
        return self._desktop.CurrentComponent

    def load(self, path: str, **given: object) -> Any:
        """Load a file; options as those of LibreOffice's loading."""
        return self._desktop.loadComponentFromURL(
            uno.systemPathToFileUrl(path), "_blank", 0, build_load_options(**given)
        )

    def language(self) -> str:
        """Return the code of the language of LibreOffice's menus; English where it is none of ours."""
        provider = self.service("com.sun.star.configuration.ConfigurationProvider")
        access = "com.sun.star.configuration.ConfigurationAccess"
        setup = provider.createInstanceWithArguments(access, build_load_options(nodepath=_SETUP))
        code = str(setup.getByName("ooLocale")).split("-")[0]
        return code if code in LANGUAGES else ENGLISH

    def show(self, text: str, kind: str) -> None:
        """Show a message box, ``infobox`` or ``errorbox``, and wait until it is closed."""
        frame = self._desktop.CurrentFrame
        if frame is None:
            return
        window = frame.ContainerWindow
        box_type = uno.Enum("com.sun.star.awt.MessageBoxType", kind.upper())
        window.Toolkit.createMessageBox(window, box_type, 1, term("product", PRODUCT), text).execute()

    def ask_user(self, text: str) -> bool:
        """Ask in a message box; whether it was answered by OK."""
        frame = self._desktop.CurrentFrame
        if frame is None:
            return False
        window = frame.ContainerWindow
        box_type = uno.Enum("com.sun.star.awt.MessageBoxType", "QUERYBOX")
        box = window.Toolkit.createMessageBox(window, box_type, 2, term("product", PRODUCT), text)
        return bool(box.execute() == 1)

    @contextmanager
    def progress(self, document: Any) -> Iterator[Stage]:
        """Show in the status bar what is being done while it is; called with no words, that it goes on."""
        bar = document.CurrentController.Frame.createStatusIndicator() if document.CurrentController else None
        value = 0.0

        def stage(words: str) -> None:
            nonlocal value
            value += (95 - value) / (4 if words else 100)  # how long it takes is not known: ever more slowly
            if bar is not None:
                if words:
                    bar.setText(f"{term('product', PRODUCT)}: {words}")
                bar.setValue(int(value))

        if bar is not None:
            bar.start(f"{term('product', PRODUCT)} …", 100)
        try:
            yield stage
        finally:
            if bar is not None:
                bar.end()


def build_load_options(**given: object) -> tuple[Any, ...]:
    """Return options as LibreOffice takes them."""
    made = []
    for name, value in given.items():
        option = PropertyValue()
        option.Name, option.Value = name, value
        made.append(option)
    return tuple(made)
