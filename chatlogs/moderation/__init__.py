"""Hide, redact and erase messages, let members opt out, and undo it; keep later imports from bringing it back."""

from chatlogs.moderation.actions.days import hide_day, restore_day
from chatlogs.moderation.actions.erasure import erase, find_files, purge
from chatlogs.moderation.actions.import_review import approve, count_held, reject
from chatlogs.moderation.actions.messages import Part, hide, restore
from chatlogs.moderation.actions.opt_outs import exempt, follow_names, opt_out
from chatlogs.moderation.actions.personal_data import decide_on_matches
from chatlogs.moderation.actions.redaction import redact, redact_all
from chatlogs.moderation.actions.rooms import set_masked_kinds, set_visibility
from chatlogs.moderation.affected import find_of_day, find_of_member, find_quoting, find_range
from chatlogs.moderation.compaction import compact_after_erasure, count_unfinished
from chatlogs.moderation.personal_data import scan_all
from chatlogs.moderation.undo import find_root, get_undo_permissions, undo

__all__ = [
    "Part",
    "approve",
    "compact_after_erasure",
    "count_held",
    "count_unfinished",
    "decide_on_matches",
    "erase",
    "exempt",
    "find_files",
    "find_of_day",
    "find_of_member",
    "find_quoting",
    "find_range",
    "find_root",
    "follow_names",
    "get_undo_permissions",
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
