import numpy as np
import pytest

from bots.knowledge.calibration import SIGNALS, Judge, Weighing
from bots.knowledge.rehearsal import Example, floor_for, rehearse

pytestmark = pytest.mark.unit

JUDGE = Judge(
    signals=dict.fromkeys(SIGNALS, 1.0),
    answerable=Weighing({"nearest": (2.25, 0.5, 1.0)}, bias=0.0),
    right=Weighing({}, bias=0.0),
    floor=0.5,
)


def examples(articles: int, each: int) -> list[Example]:
    return [
        Example(article, frozenset({f"word{article}"}), is_question=place > 0)
        for article in range(articles)
        for place in range(each)
    ]


def test_an_article_of_two_wordings_cannot_be_rehearsed() -> None:
    vectors = np.eye(4, dtype=np.float32)

    assert rehearse(JUDGE, examples(2, 2), vectors, None, weight=lambda _word: 1.0) == []


def test_without_a_rehearsal_the_floor_is_the_learnt_one() -> None:
    nothing = np.zeros((0, 4), dtype=np.float32)

    assert floor_for(JUDGE, [], nothing, None, weight=lambda _word: 1.0, lost=0.1) == 0.5


def test_where_all_texts_are_alike_the_line_is_drawn_higher() -> None:
    rng = np.random.default_rng(0)
    alike = np.ones((60, 8)) + 0.1 * rng.normal(size=(60, 8))
    apart = rng.normal(size=(60, 8))
    floors = []
    for vectors in (apart, alike):
        unit = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
        floors.append(
            floor_for(JUDGE, examples(12, 5), unit, None, weight=lambda _word: 1.0, lost=0.1)
        )

    assert floors[0] < floors[1]
    assert floors[1] > JUDGE.floor
