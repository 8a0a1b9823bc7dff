"""The Excel add-in ``xlprofit.xlam``: building it without Excel, installing it, and finding what ails it."""

from __future__ import annotations

from xlprofit.excel.addin.checks import AddinCheck, check_excel_setup
from xlprofit.excel.addin.installation import Installed, install_excel_addin, uninstall_excel_addin
from xlprofit.excel.addin.package import build_addin

__all__ = [
    "AddinCheck",
    "Installed",
    "build_addin",
    "check_excel_setup",
    "install_excel_addin",
    "uninstall_excel_addin",
]
