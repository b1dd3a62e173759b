from tests.identity.conftest import moderator, tree

__all__ = ["moderator", "tree"]
