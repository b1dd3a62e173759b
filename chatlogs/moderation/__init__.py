"""What moderators take out of sight, or out of the world, and what keeps it there."""

from chatlogs.moderation.actions import (
    Part,
    decide_on_findings,
    hide,
    hide_day,
    redact,
    redact_all,
    restore,
    restore_day,
    set_masked_kinds,
    set_visibility,
)
from chatlogs.moderation.affected import find_of_day, find_of_member, find_quoting, find_range
from chatlogs.moderation.erasure import compact_after_erasure, count_unfinished, erase, find_files, purge
from chatlogs.moderation.import_review import approve, count_held, reject
from chatlogs.moderation.opt_outs import exempt, follow_names, opt_out
from chatlogs.moderation.personal_data import scan_all
from chatlogs.moderation.undo import find_kind, undo

__all__ = [
    "Part",
    "approve",
    "compact_after_erasure",
    "count_held",
    "count_unfinished",
    "decide_on_findings",
    "erase",
    "exempt",
    "find_files",
    "find_kind",
    "find_of_day",
    "find_of_member",
    "find_quoting",
    "find_range",
    "follow_names",
    "hide",
    "hide_day",
    "opt_out",
    "purge",
    "redact",
    "redact_all",
    "reject",
    "restore",
    "restore_day",
    "scan_all",
    "set_masked_kinds",
    "set_visibility",
    "undo",
]
