"""Texts that have a word in common, and nothing else."""

from __future__ import annotations

import random

# Common characters, so that what stands beside the word is something else each time.
FILLERS = "天地山水火木金土日月星云风雨人手口心目耳门车船路桥田园林花草"


def around(word: str, times: int) -> list[str]:
    rng = random.Random(word)
    return ["".join((*rng.sample(FILLERS, 4), word, *rng.sample(FILLERS, 4))) for _ in range(times)]
