from tests.importing.conftest import site, template

__all__ = ["site", "template"]
