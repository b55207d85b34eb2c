"""Who a note speaks to."""

import pytest

from conversations.mentions import handle_of, handles_in

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("text", "handles"),
    [
        ("@anna, can you look?", ("anna",)),
        ("Ask @Second-Level. Or @anna.", ("second-level", "anna")),
        ("(@anna)\n@anna again", ("anna",)),
        ("ann@example.com @@x a/@b", ()),
        ("@ nobody @", ()),
        ("@李雷 看一下", ("李雷",)),
        (" ".join(f"@a{n}" for n in range(50)), tuple(f"a{n}" for n in range(20))),
    ],
)
def test_handles_in(text: str, handles: tuple[str, ...]) -> None:
    assert handles_in(text) == handles


def test_a_team_s_handle_has_hyphens() -> None:
    assert handle_of(" Second  Level (EU) ") == "second-level-eu"
