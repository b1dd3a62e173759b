"""Members and their names: new names, merging, merge suggestions and opt-outs."""

from chatlogs.people.aliases import NO_SENDER, AliasBook, Speaker, hash_account, make_member_key, split_names_anew
from chatlogs.people.display_names import refresh_names
from chatlogs.people.evidence import join_by_evidence
from chatlogs.people.pseudonyms import OptedOut, read_opted_out
from chatlogs.people.suggestions import suggest

__all__ = [
    "NO_SENDER",
    "AliasBook",
    "OptedOut",
    "Speaker",
    "hash_account",
    "join_by_evidence",
    "make_member_key",
    "read_opted_out",
    "refresh_names",
    "split_names_anew",
    "suggest",
]
