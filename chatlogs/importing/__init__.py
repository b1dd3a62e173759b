"""Transcripts into rows: find the files, plan what each changes, write it, report."""

from chatlogs.db.locks import ImportIsRunning, import_lock
from chatlogs.importing.importer import Options
from chatlogs.importing.reports import FileReport, Report, Status
from chatlogs.importing.runner import run_import

__all__ = ["FileReport", "ImportIsRunning", "Options", "Report", "Status", "import_lock", "run_import"]
