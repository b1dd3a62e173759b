"""Every fault of the catalogue fits the code as it is. `make faults` runs the tests that catch them."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.faults.catalogue import ROOT, Fault, read_faults
from tests.test_layers import MAY_IMPORT

FAULTS = read_faults()

# Packages without product code of their own to break.
WITHOUT_FAULTS = {"apps", "checks", "migrations", "urls"}

each = pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)


def functions_of(text: str) -> Iterator[str]:
    """The names by which pytest knows the functions of a module and of its classes."""
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef):
            yield node.name
        elif isinstance(node, ast.ClassDef):
            yield from (f"{node.name}::{one.name}" for one in node.body if isinstance(one, ast.FunctionDef))


def test_there_are_at_least_forty_faults_with_names_of_their_own() -> None:
    assert len(FAULTS) >= 40
    assert Counter(fault.name for fault in FAULTS).most_common(1)[0][1] == 1


def test_the_quick_suite_catches_all_but_two() -> None:
    assert sum(not fault.quick for fault in FAULTS) <= 2


def test_every_package_has_a_fault() -> None:
    broken = {fault.path.split("/")[1].removesuffix(".py") for fault in FAULTS if fault.path.startswith("chatlogs/")}
    assert {package.split(".")[0] for package in MAY_IMPORT} - WITHOUT_FAULTS - broken == set()


@each
def test_a_fault_fits_its_file_which_still_compiles(fault: Fault) -> None:
    text = fault.apply((ROOT / fault.path).read_text(encoding="utf-8"))
    if fault.path.endswith(".py"):
        compile(text, fault.path, "exec")


@each
def test_a_fault_names_tests_that_exist(fault: Fault) -> None:
    assert fault.tests
    for test in fault.tests:
        path, _, name = test.partition("::")
        text = (ROOT / path).read_text(encoding="utf-8")
        assert not name or name.partition("[")[0] in functions_of(text)
