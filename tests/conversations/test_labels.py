"""Which labels go together."""

import pytest

from conversations.labels import settled

pytestmark = pytest.mark.unit

GROUPS = {"gold": "plan", "silver": "plan", "hot": "mood"}


@pytest.mark.parametrize(
    ("names", "kept"),
    [
        (["a", "b", "a"], ["a", "b"]),
        (["gold", "vip", "silver"], ["vip", "silver"]),
        (["Gold", "gold"], ["gold"]),
        (["gold", "hot"], ["gold", "hot"]),
        ([], []),
    ],
)
def test_of_an_exclusive_group_the_last_one_stays(names: list[str], kept: list[str]) -> None:
    assert settled(names, GROUPS) == kept
