"""The figures on a card: what a judge of its own bears out, and what customers would have seen."""

import pytest

from bots.language.model import Passage
from bots.language.words import sentences
from bots.training.scores import Said, borne_out, scores, shown_of

pytestmark = pytest.mark.unit

STEPS = (
    "To change your address, please follow these steps:\n\n1. Log in to your account.\n2. Choose “Address”.\n"
    "Parcels that were sent go to the old one. It takes 2 days, unless we are closed."
)


def test_a_passage_bears_out_each_of_its_own_sentences() -> None:
    assert len(sentences(STEPS)) >= 5
    assert all(borne_out(line, STEPS) for line in sentences(STEPS))


@pytest.mark.parametrize(
    "said",
    ["It takes 3 days, unless we are closed.", "It takes 2 days.", "Parcels that were sent do not go to the old one.", "We love you."],
)  # fmt: skip
def test_another_figure_or_a_lost_condition_is_not_borne_out(said: str) -> None:
    assert not borne_out(said, STEPS)


def test_the_figures_of_answers() -> None:
    passage = Passage("", "Address", STEPS)
    texts = ["Parcels that were sent go to the old one. We love you.", "We love you."]
    said = [
        Said(text, shown_of(text, [passage], closely=True), 10, 1.0, seconds_to_first=0.5)
        for text in texts
    ]

    found = scores(said, [sentences(STEPS)[-2]] * 2, [passage] * 2, closely=True, seconds=4.0)

    assert [one.shown for one in said] == ["Parcels that were sent go to the old one.", ""]
    assert (found["sentences"], found["supported"]) == (3, 0.3333)
    assert (found["released"], found["shown_sentences"], found["support"]) == (0.5, 1, 1.0)
    assert (found["tokens_per_second"], found["seconds_to_first"]) == (5.0, 0.5)
    assert 0.3 < found["rouge_l"] < 0.9
    assert 0 < found["bleu"] < 1
