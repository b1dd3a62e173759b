from tests.people.conftest import moderator, tree

__all__ = ["moderator", "tree"]
