"""Words on their way into a prepared statement arrive as they were."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.prepared import numbers, rows, texts

pytestmark = pytest.mark.django_db

_WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@given(values=st.lists(st.none() | _WORDS | st.sampled_from(["NULL", "", '"', "\\", "{,}", "%"])))
def test_words_arrive_as_they_were(values: list[str | None]) -> None:
    found = rows(
        "SELECT word FROM unnest(%(words)s::text[]) WITH ORDINALITY AS w(word, place)"
        " WHERE %(words)s::text[] IS NOT NULL AND 7 %% 4 = 3 ORDER BY place",
        {"words": texts(values)},
    )

    assert [word for (word,) in found] == values


def test_numbers_arrive_as_they_were() -> None:
    ids = [3, -1, 2**62]

    assert rows("SELECT unnest(%(ids)s::bigint[])", {"ids": numbers(ids)}) == [(n,) for n in ids]
