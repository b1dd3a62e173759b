from tests.importing.conftest import tree
from tests.moderation.conftest import moderator

__all__ = ["moderator", "tree"]
