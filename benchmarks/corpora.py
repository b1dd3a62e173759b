"""The generated transcripts of one benchmark run, in three sizes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.corpus import CorpusSummary, write_corpus

SMALL = 12_000


@dataclass(frozen=True)
class Corpora:
    """Folders of transcripts, below a temporary `folder`."""

    folder: Path
    scale: int
    summary: CorpusSummary

    @property
    def whole(self) -> Path:
        return self.folder / "whole"

    @property
    def tenth_scale(self) -> int:
        """Return a tenth of the scale, but enough messages to have rare words."""
        return max(SMALL, self.scale // 10)

    @property
    def tenth(self) -> Path:
        return self.folder / "tenth"

    @property
    def small(self) -> Path:
        return self.folder / "small"


@contextmanager
def written_corpora(scale: int) -> Iterator[Corpora]:
    with TemporaryDirectory(prefix="qunlu-corpus-", dir="/var/tmp") as name:
        folder = Path(name)
        corpora = Corpora(folder, scale, write_corpus(folder / "whole", messages=scale))
        write_corpus(corpora.tenth, messages=corpora.tenth_scale)
        write_corpus(corpora.small, messages=SMALL)
        yield corpora
