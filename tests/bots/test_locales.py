"""Which translation a reader gets."""

import pytest

from bots.help_centre.locales import best, fallbacks

pytestmark = pytest.mark.unit


def test_a_language_falls_back_to_what_it_is_a_kind_of_and_then_to_the_default() -> None:
    assert fallbacks("zh-Hant-TW", "en") == ["zh-hant-tw", "zh-hant", "zh", "en"]


@pytest.mark.parametrize(
    ("available", "wanted", "shown"),
    [
        (["en", "de"], "de", "de"),
        (["en", "de"], "de-AT", "de"),
        (["en", "pt-BR"], "pt", "pt-BR"),
        (["en", "pt-BR"], "pt-PT", "pt-BR"),
        (["en", "zh", "zh-Hant"], "zh_Hant", "zh-Hant"),
        (["de", "en"], "fr", "en"),
        (["de", "en-GB"], "fr", "en-GB"),
        (["de"], "fr", None),
        ([], "en", None),
    ],
)
def test_the_nearest_translation_is_shown(
    available: list[str], wanted: str, shown: str | None
) -> None:
    place = best(available, wanted=wanted, default="en")
    assert (None if place is None else available[place]) == shown
