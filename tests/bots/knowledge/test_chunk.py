import pytest

from bots.knowledge.chunk import chunks, plain, sentences

pytestmark = pytest.mark.unit

BODY = """# Returns

You may return **unused** items, e.g. tents, within [30 days](https://shop.example). It is free!

- pack it;
- send it

| Where | Price |
|---|---|
| EU | 9 € |

退货很简单。请保留包装！"""


def test_sentences_know_where_they_stand() -> None:
    said = [(span.kind.value, BODY[span.start : span.end]) for span in sentences(BODY)]

    assert said == [
        ("heading", "Returns"),
        (
            "prose",
            "You may return **unused** items, e.g. tents, within [30 days](https://shop.example).",
        ),
        ("prose", "It is free!"),
        ("item", "pack it;"),
        ("item", "send it"),
        ("head", "| Where | Price |"),
        ("row", "| EU | 9 € |"),
        ("prose", "退货很简单。"),
        ("prose", "请保留包装！"),
    ]


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("**bold** and *soft* and `code`", "bold and soft and code"),
        ("![a tent](x.png) [link](y)", "a tent link"),
        ("> - 1. deep", "deep"),
        ("| EU | 9 € | soon |", "EU: 9 €, soon"),
        ("2 * 3 * 4 and snake_case_name", "2 * 3 * 4 and snake_case_name"),
        ("<b>raw</b> 5 < 6", "raw 5 < 6"),
    ],
)
def test_plain_is_what_a_reader_sees(markdown: str, text: str) -> None:
    assert plain(markdown) == text


def test_a_chunk_is_about_a_paragraph_and_begins_where_it_says() -> None:
    body = "\n\n".join(f"## Part {n}\n\n{'A sentence of this part. ' * 10}" for n in range(3))

    found = chunks(body)

    assert [chunk.text[:6] for chunk in found] == ["Part 0", "Part 1", "Part 2"]
    assert [body[chunk.start :][:6] for chunk in found] == ["Part 0", "Part 1", "Part 2"]


def test_a_monster_without_a_full_stop_is_cut() -> None:
    assert all(len(chunk.text) <= 900 for chunk in chunks("word " * 2_000))


@pytest.mark.parametrize("body", ["", "   \n\n", "---", "```\n```"])
def test_nothing_gives_no_chunks(body: str) -> None:
    assert chunks(body) == []
