"""What moderators take out of sight, or out of the world, and what keeps it there."""

from chatlogs.moderation.deeds import (
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
from chatlogs.moderation.erasing import count_unfinished, erase, find_files, finish_erasures, purge
from chatlogs.moderation.opting_out import exempt, follow_names, opt_out
from chatlogs.moderation.reviewing import count_held, keep_out, let_in
from chatlogs.moderation.scanning import scan_all
from chatlogs.moderation.selecting import find_of_day, find_of_member, find_quoting, find_range
from chatlogs.moderation.undoing import find_verb, undo

__all__ = [
    "Part",
    "count_held",
    "count_unfinished",
    "decide_on_findings",
    "erase",
    "exempt",
    "find_files",
    "find_of_day",
    "find_of_member",
    "find_quoting",
    "find_range",
    "find_verb",
    "finish_erasures",
    "follow_names",
    "hide",
    "hide_day",
    "keep_out",
    "let_in",
    "opt_out",
    "purge",
    "redact",
    "redact_all",
    "restore",
    "restore_day",
    "scan_all",
    "set_masked_kinds",
    "set_visibility",
    "undo",
]
