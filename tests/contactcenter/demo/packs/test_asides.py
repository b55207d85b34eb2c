"""In the middle of a demo business's procedure an answer begins no other one, read by the encoders that answer
customers."""

import pytest

from benchmarks.asides import WISHES, answers_of, begun_by, learnt_inside
from benchmarks.beginnings import Pack, Vectors, packs
from bots.knowledge.vectors import encoders

pytestmark = pytest.mark.model
WISHED = [(code, text) for code, texts in WISHES.items() for text in texts]


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Vectors:
    encoders()
    return Vectors(tmp_path_factory.mktemp("asides") / "vectors")


@pytest.mark.parametrize("pack", list(packs()), ids=lambda pack: pack.name)
def test_no_value_begins_another_procedure_whatever_is_asked(pack: Pack, known: Vectors) -> None:
    matcher = learnt_inside(pack, known)
    begun = [
        (shape.key, text, found)
        for place, shape in enumerate(pack.shapes)
        for code, text in dict.fromkeys(answers_of(shape))
        if (found := begun_by(text, code, place, pack, matcher))
    ]

    assert begun == []


def test_hardly_a_wish_begins_another_procedure_and_a_request_does(known: Vectors) -> None:
    said, begun = 0, []
    for pack in packs():
        matcher = learnt_inside(pack, known)
        for place, shape in enumerate(pack.shapes):
            for code, text in WISHED:
                said += 1
                if found := begun_by(text, code, place, pack, matcher):
                    begun.append((shape.key, text, found))
            if shape.key == "book_flight":
                assert [one for one in begun if one[0] == "book_flight"] == []
                request = begun_by("I want to change my booking", "en", place, pack, matcher)
                assert request is not None
                assert request[0] == "change_flight"
                assert begun_by("I need two tickets to Oslo", "en", place, pack, matcher) is None

    assert len(begun) <= said / 100, begun
