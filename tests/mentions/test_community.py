"""Precision and coverage of mentions in a generated community with known referents."""

from __future__ import annotations

from pathlib import Path

from tests.community import judge, write_community
from tests.importing.archives import import_tree

MESSAGES = 60_000
LEAST_PRECISION, LEAST_RECALL = 0.95, 0.85


def test_mentions_are_understood_rightly_and_mostly(db: None, tmp_path: Path) -> None:
    truth = write_community(tmp_path, MESSAGES)
    import_tree(tmp_path)
    judged = list(judge(truth))
    understood = [one for one in judged if one.is_understood]
    right = [one for one in understood if one.is_right]
    assert len(judged) > MESSAGES // 20
    assert len(right) / len(understood) >= LEAST_PRECISION
    assert len(right) / len(judged) >= LEAST_RECALL, (len(right), len(understood), len(judged))
