import hashlib
import os
from pathlib import Path

import pytest

from chatlogs.importing.files import Candidate, NotReadable, read_candidate


def candidate_at(path: Path) -> Candidate:
    """As it was found, whatever has become of it since."""
    return Candidate(path, str(path), "tea-room")


def test_bytes_and_facts_are_those_of_one_moment(tmp_path: Path) -> None:
    path = tmp_path / "chat.md"
    path.write_bytes(b"---\n")
    os.utime(path, ns=(1, 2))
    data, facts = read_candidate(candidate_at(path))
    assert (data, facts.size, facts.modified_ns, facts.location) == (b"---\n", 4, 2, str(path))
    assert facts.sha256 == hashlib.sha256(data).hexdigest()


def test_a_file_that_has_gone_is_not_readable(tmp_path: Path) -> None:
    with pytest.raises(NotReadable) as caught:
        read_candidate(candidate_at(tmp_path / "chat.md"))
    assert (caught.value.problem.code, caught.value.problem.is_error) == ("not_readable", True)


def test_a_file_that_became_a_folder_is_not_readable(tmp_path: Path) -> None:
    with pytest.raises(NotReadable):
        read_candidate(candidate_at(tmp_path))


def test_a_file_that_became_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "chat.md")
    with pytest.raises(NotReadable) as caught:
        read_candidate(candidate_at(tmp_path / "chat.md"))
    assert caught.value.problem.code == "not_a_file"
