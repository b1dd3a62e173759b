from tests.importing.conftest import template, tree
from tests.moderation.conftest import moderator

__all__ = ["moderator", "template", "tree"]
