"""Who a name belongs to: new names, what joins them, and what moderators decide."""

from chatlogs.identity.aliases import NOBODY, AliasBook, Speaker, hash_account, make_member_key, split_names_anew
from chatlogs.identity.joining import join_by_evidence
from chatlogs.identity.naming import refresh_names
from chatlogs.identity.pseudonyms import OptedOut, read_opted_out
from chatlogs.identity.suggesting import suggest

__all__ = [
    "NOBODY",
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
