"""Moderation actions, one module a subject.

A module has the functions that moderators call, such as `hide`, and the `ChangeType` of each entry that they write to
the log. Importing the package imports every module, so that every type is registered.
"""

from importlib import import_module
from pkgutil import iter_modules

for module in iter_modules(__path__):
    import_module(f"{__name__}.{module.name}")
