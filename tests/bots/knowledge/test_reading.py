import pytest

from bots.knowledge.reading import html_of

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("# Title", "<h2>Title</h2>\n"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
        (
            "[a](https://x.example)",
            '<p><a href="https://x.example" rel="noopener nofollow">a</a></p>\n',
        ),
        ("![x](https://x.example/p.png)", "<p></p>\n"),
    ],
)
def test_html_of(markdown: str, html: str) -> None:
    assert html_of(markdown) == html


def test_a_link_that_runs_is_no_link() -> None:
    assert (
        "javascript"
        not in html_of('<a href="javascript:alert(1)">x</a>').replace("&lt;", "").split(">")[0]
    )
    assert "href" not in html_of("[x](javascript:alert(1))")
