from pathlib import Path

import pytest

from tests.postgres_programs import NEEDED, find_programs


def programs_in(folder: Path, names: tuple[str, ...] = NEEDED) -> Path:
    folder.mkdir(parents=True)
    for name in names:
        (folder / name).touch(mode=0o755)
    return folder


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    return tmp_path / "postgresql"


def test_nothing_is_found_where_nothing_is_installed(installed: Path) -> None:
    assert find_programs({}, installed) is None


def test_pg_bin_comes_before_path(tmp_path: Path, installed: Path) -> None:
    chosen, on_path = programs_in(tmp_path / "chosen"), programs_in(tmp_path / "path")
    assert find_programs({"PG_BIN": str(chosen), "PATH": str(on_path)}, installed) == chosen


def test_path_comes_before_what_debian_installed(tmp_path: Path, installed: Path) -> None:
    programs_in(installed / "15" / "bin")
    on_path = programs_in(tmp_path / "path")
    assert find_programs({"PATH": str(on_path)}, installed) == on_path


def test_the_newest_that_debian_installed_is_taken(installed: Path) -> None:
    for version in ("9.6", "15", "17", "not-a-version"):
        programs_in(installed / version / "bin")
    assert find_programs({}, installed) == installed / "17" / "bin"


def test_a_link_on_path_leads_to_the_server(tmp_path: Path, installed: Path) -> None:
    server = programs_in(tmp_path / "server")
    links = tmp_path / "links"
    links.mkdir()
    (links / "pg_ctl").symlink_to(server / "pg_ctl")
    assert find_programs({"PATH": str(links)}, installed) == server


@pytest.mark.parametrize("missing", NEEDED)
def test_a_folder_that_lacks_a_program_is_passed_over(tmp_path: Path, installed: Path, missing: str) -> None:
    incomplete = programs_in(tmp_path / "incomplete", tuple(name for name in NEEDED if name != missing))
    complete = programs_in(installed / "15" / "bin")
    assert find_programs({"PG_BIN": str(incomplete), "PATH": str(incomplete)}, installed) == complete


def test_a_program_that_may_not_be_executed_does_not_count(installed: Path) -> None:
    (programs_in(installed / "15" / "bin") / "initdb").chmod(0o644)
    assert find_programs({}, installed) is None
