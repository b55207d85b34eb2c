"""What strangers say they speak, as it is kept."""

import pytest

from conversations.languages import known_language

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("en", "en"),
        ("zh-Hans", "zh-Hans"),
        ("pt-BR", "pt-BR"),
        ("en-US", "en"),
        ("am-ET", "am"),
        ("tlh-KX", "tlh-kx"),  # offered here
        ("xyz", ""),
        ("en-abcdefgh-x1", "en"),
        ("", ""),
    ],
)
def test_a_language_is_one_that_has_a_name(said: str, kept: str) -> None:
    assert known_language(said, offered=["tlh-kx"]).casefold() == kept.casefold()
