"""Imports transcripts: finds files, plans what each changes, writes it and reports."""

from chatlogs.db.locks import ImportIsRunning, import_lock
from chatlogs.importing.importer import Options
from chatlogs.importing.reports import FileReport, Report, Status
from chatlogs.importing.runner import run_import

__all__ = ["FileReport", "ImportIsRunning", "Options", "Report", "Status", "import_lock", "run_import"]
