"""The Excel add-in ``xlprofit.xlam``: building it without Excel, installing it, and finding what ails it."""

from __future__ import annotations

from xlprofit.excel.addin.checks import AddinCheck, status
from xlprofit.excel.addin.installation import Installed, install, uninstall
from xlprofit.excel.addin.package import build

__all__ = ["AddinCheck", "Installed", "build", "install", "status", "uninstall"]
