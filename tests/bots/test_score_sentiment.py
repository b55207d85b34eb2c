"""The shipped weights at work: what `score_sentiment` says, and how it takes what it should not be given."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from bots.actions.feelings import reader
from bots.reads.feelings import measured_languages
from bots.sentiment.reader import Reader

pytestmark = pytest.mark.model
JUDGED = Path(__file__).with_name("messages_to_judge.csv")


@pytest.fixture(scope="module")
def reads() -> Reader:
    return reader()


def scored(lines: list[Any], monkeypatch: pytest.MonkeyPatch) -> tuple[list[dict[str, Any]], int]:
    given = b"".join(
        (one if isinstance(one, bytes) else json.dumps(one, ensure_ascii=False).encode()) + b"\n"
        for one in lines
    )
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(given), encoding="utf-8"))
    out = io.StringIO()
    code = 0
    try:
        call_command("score_sentiment", "--threads", "1", stdout=out)
    except SystemExit as end:
        code = int(end.code or 0)
    return [json.loads(line) for line in out.getvalue().splitlines()], code


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("where is my order?", "neutral"),
        ("Can I change the delivery address?", "neutral"),
        ("请问怎么退货？", "neutral"),
        ("你好，能帮我找一家评分在4.5分以上、可以停车的酒店吗？", "neutral"),
        ("好的，那这家餐馆的人均消费是多少，几点营业？", "neutral"),
        ("This is the worst service I have ever had, I am furious", "negative"),
        ("太差了，等了两个小时，再也不会来了", "negative"),
        ("Thank you so much, that was great help!", "positive"),
        ("味道很好，送得也快，非常满意", "positive"),
        ("Das ist eine Katastrophe, ich bin total enttäuscht", "negative"),
        ("¡Me encanta, muchas gracias!", "positive"),
    ],
)
def test_customers_are_read_as_people_read_them(reads: Reader, text: str, label: str) -> None:
    assert reads.read([text])[0].label == label


@pytest.mark.parametrize(
    ("languages", "right", "found"),
    [({"en"}, 0.9, 0.9), ({"zh"}, 0.9, 0.9), ({"de", "fr", "es", "pt"}, 0.85, 0.85)],
    ids=["en", "zh", "others"],
)
def test_complaints_are_found_among_requests(
    reads: Reader, languages: set[str], right: float, found: float
) -> None:
    """240 messages that somebody else wrote than those that were learnt from: refunds asked for calmly and
    crossly, in turns."""
    with JUDGED.open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["language"] in languages]
    said = [one.label for one in reads.read([row["text"] for row in rows])]
    hits = [label == row["label"] for label, row in zip(said, rows, strict=True)]
    cross = [hit for hit, row in zip(hits, rows, strict=True) if row["label"] == "negative"]

    assert sum(hits) / len(hits) >= right
    assert sum(cross) / len(cross) >= found


@pytest.mark.parametrize("text", ["bilkul bakwas company hai", "mera paisa wapas karo bhai"])
def test_what_is_hardly_understood_is_not_said_to_be_clear(reads: Reader, text: str) -> None:
    """Hindi in Latin letters is neither taken for English nor read with confidence."""
    (found,) = reads.read([text])
    assert found.language in {"hi", "und"}
    assert max(found.negative, found.neutral, found.positive) < 0.5


def test_only_languages_that_are_read_count_as_measured() -> None:
    languages = measured_languages()
    assert {"en", "zh", "de", "fr", "es", "pt", "it", "ar"} <= languages
    assert not {"hi", "und"} & languages


def test_a_text_reads_the_same_whatever_stands_beside_it(reads: Reader) -> None:
    text = "The tent arrived torn and nobody answers me"
    alone = reads.read([text])[0]
    among = reads.read(["好吃", text, "a" * 3_000, "merci beaucoup", "?"])[1]
    assert among.negative == pytest.approx(alone.negative, abs=0.02)


def test_lines_in_lines_out(monkeypatch: pytest.MonkeyPatch, reads: Reader) -> None:
    said, code = scored([{"id": 1, "text": "I love it"}, {"id": "b", "text": "糟糕"}], monkeypatch)
    assert code == 0
    assert [one["id"] for one in said] == [1, "b"]
    for one in said:
        assert set(one) == {"id", "label", "score", "probabilities", "language"}
        chances = one["probabilities"]
        assert sum(chances.values()) == pytest.approx(1, abs=0.001)
        assert one["score"] == pytest.approx(chances["positive"] - chances["negative"], abs=0.001)
        assert one["label"] == max(chances, key=lambda label: chances[label])
    assert [one["language"] for one in said] == ["en", "zh"]


def test_bad_lines_are_told_and_the_rest_goes_on(
    monkeypatch: pytest.MonkeyPatch, reads: Reader
) -> None:
    bad = [
        b"{",
        b"[1]",
        b'{"id": 3}',
        b'{"id": 4, "text": ""}',
        b'{"id": 5, "text": NaN}',
        b'{"id": 6, "text": "\xff"}',
    ]
    said, code = scored([*bad, {"id": 7, "text": "thanks"}], monkeypatch)
    assert code == 1
    assert [set(one) for one in said[:-1]] == [{"id", "error"}] * len(bad)
    assert said[-1]["id"] == 7


def test_ten_megabytes_are_one_text(monkeypatch: pytest.MonkeyPatch, reads: Reader) -> None:
    said, code = scored([{"id": 1, "text": "bad " * 2_500_000}], monkeypatch)
    assert code == 0
    assert said[0]["label"] == "negative"


def test_odd_letters_are_read(reads: Reader) -> None:
    for text in ("\0", "\ud83d", "🙂" * 500, " ", "\u202e", "."):
        one = reads.read([text])[0]
        assert one.negative + one.neutral + one.positive == pytest.approx(1, abs=1e-4)


def test_no_weights_no_words(tmp_path: Any) -> None:
    with pytest.raises(CommandError, match="is not there") as told:
        call_command("score_sentiment", "--weights", str(tmp_path / "none.npz"))
    assert told.value.returncode == 2


@pytest.mark.parametrize("text", ["text\nhello\n", "text,label\n", "text,label\nhello,positive\n"])
def test_a_training_that_cannot_be_writes_nothing(tmp_path: Any, text: str) -> None:
    table, out = tmp_path / "t.csv", tmp_path / "out"
    table.write_text(text, encoding="utf-8")
    with pytest.raises(CommandError) as told:
        call_command("train_sentiment", str(table), "--out", str(out))
    assert told.value.returncode == 2
    assert not out.exists()
