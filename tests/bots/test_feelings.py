"""How messages read: pure parts, and the whole with the weights that are shipped."""

import gzip
import json
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from bots.language.model import ModelUnavailable
from bots.sentiment.blend import Blend, in_turn
from bots.sentiment.course import Heard, course
from bots.sentiment.grams import Grams
from bots.sentiment.heads import kinds_head
from bots.sentiment.judging import card_of
from bots.sentiment.manner import SIZE, manner_of
from bots.sentiment.measuring import calibration_error, confusion, measured
from bots.sentiment.reader import group_of
from bots.sentiment.tables import (
    PLAIN,
    TALKS,
    BadTable,
    Row,
    check,
    kept_back,
    learnable,
    read,
    some,
)
from bots.sentiment.training import Judged, Trained
from bots.sentiment.weights import SHIPPED, Weights, load, save

pytestmark = pytest.mark.unit

GLAD, EVEN, CROSS = Heard(0.02, 0.9), Heard(0.1, 0.1), Heard(0.92, 0.01)


# --- the course of a conversation ---------------------------------------------------------


def test_the_end_weighs_most() -> None:
    better, worse = course([CROSS, EVEN, GLAD]), course([GLAD, EVEN, CROSS])
    assert better.score > worse.score
    assert better.trend is not None
    assert worse.trend is not None
    assert better.trend > 0 > worse.trend


def test_one_message_has_no_trend_and_is_no_fall() -> None:
    found = course([CROSS])
    assert found.trend is None
    assert found.fell == ()
    assert found.score == pytest.approx(-0.91)


def test_a_mood_falls_once_and_may_fall_again_after_a_better_time() -> None:
    assert course([EVEN, CROSS, CROSS, CROSS, CROSS]).fell == (2,)
    assert course([CROSS, CROSS, GLAD, GLAD, CROSS, CROSS]).fell == (1, 5)


def test_plain_questions_never_alarm() -> None:
    assert course([EVEN] * 40).fell == ()


def test_what_is_told_of_a_fall_is_about_its_messages() -> None:
    found = course([GLAD, CROSS, CROSS])
    assert (found.fell, found.run) == ((2,), 2)
    assert found.unhappy == pytest.approx(0.92)


# --- tables -------------------------------------------------------------------------------


def table(folder: Path, text: str, name: str = "some.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_table_is_read_with_its_languages_and_parts(tmp_path: Path) -> None:
    path = tmp_path / "tweets.csv.gz"
    with gzip.open(path, "wt", encoding="utf-8") as stream:
        stream.write(
            "text,label,language,part\nso bad,negative,german,public\n好吃,positive,,held_out\n"
        )
    rows = read(path)
    assert rows == [
        Row("so bad", 0, "de", "tweets", "public"),
        Row("好吃", 2, "zh", "tweets", "held_out"),
    ]
    assert [row.text for row in learnable(rows)] == ["so bad"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "has no column 'text'"),
        ("text\nhello\n", "has no column 'label'"),
        ("text,label\n", "holds no rows"),
        ("text,label\nhello,angry\n", "'angry' is none of"),
        ("text,label\n ,negative\n", "row 2: the text is empty"),
        ("text,label\nhello,nan\n", "'nan' is none of"),
    ],
)
def test_a_bad_table_is_told_in_one_line(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(BadTable, match=why) as told:
        read(table(tmp_path, text))
    assert "\n" not in str(told.value)


def test_what_is_no_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "raw.csv"
    path.write_bytes(b"text,label\n\xff\xfe,negative\n")
    with pytest.raises(BadTable, match="not valid UTF-8"):
        read(path)
    with pytest.raises(BadTable, match="there is no such file"):
        read(tmp_path / "nowhere.csv")


def test_one_label_only_teaches_nothing() -> None:
    with pytest.raises(BadTable, match="only 0 texts are neutral"):
        check([Row(f"bad {n}", 0, "en", "x") for n in range(30)])


def test_questions_say_no_feeling(tmp_path: Path) -> None:
    line = json.dumps({"questions": ["怎么退货", " "], "language": "zh"}, ensure_ascii=False)
    assert read(table(tmp_path, line + "\n", "a.jsonl"), unfelt=PLAIN) == [
        Row("怎么退货", 1, "zh", PLAIN)
    ]
    (talk,) = read(tmp_path / "a.jsonl", unfelt=TALKS)
    assert (talk.source, talk.answer) == (TALKS, 1)


def test_what_is_kept_back_does_not_depend_on_the_file() -> None:
    assert kept_back(Row("Hello", 0, "en", "a")) == kept_back(Row(" hello ", 0, "en", "b"))
    share = sum(kept_back(Row(f"text {n}", 0, "en", "a")) for n in range(2_000)) / 2_000
    assert share == pytest.approx(1 / 7, abs=0.03)


def test_some_are_chosen_by_their_words() -> None:
    rows = [Row(f"text {n}", 0, "en", "a") for n in range(50)]
    chosen = some(rows, 10)
    assert len(chosen) == 10
    assert set(chosen) == set(some(rows[::-1], 10))


# --- parts --------------------------------------------------------------------------------


def lesson(count: int = 200) -> tuple[list[str], np.ndarray]:
    said = {0: "this is terrible and slow", 1: "where is the parcel", 2: "lovely, great service"}
    return [f"{said[n % 3]} {n}" for n in range(count)], np.array([n % 3 for n in range(count)])


def test_runs_of_letters_learn_and_keep_nothing_of_the_words() -> None:
    grams = Grams.fitted(*lesson(), chinese=False, strength=4.0)
    said = grams.logits(["terrible", "great", "where is it"]).argmax(axis=1)
    assert list(said) == [0, 2, 1]
    assert grams.weights.dtype == np.int8


def test_a_blend_is_calibrated_to_what_it_saw() -> None:
    chance = np.random.default_rng(3)
    truth = chance.integers(0, 3, 4_000)
    opinion = chance.normal(0, 1, (4_000, 3)).astype(np.float32)
    opinion[np.arange(4_000), truth] += 1.5
    manner = chance.normal(0, 1, (4_000, SIZE)).astype(np.float32)
    blend = Blend.fitted(("a",), {"a": opinion[:2_000] * 5}, truth[:2_000], manner[:2_000])
    chances = blend.chances({"a": opinion[2_000:] * 5}, manner[2_000:])
    assert chances.sum(axis=1) == pytest.approx(1.0, abs=1e-5)
    assert calibration_error(chances, truth[2_000:]) < 0.06


def test_a_blend_knows_that_the_same_opinion_means_less_in_another_manner() -> None:
    """In one manner the opinions are right, in the other they are loud and no better than a guess."""
    chance = np.random.default_rng(4)
    truth = chance.integers(0, 3, 6_000)
    loud = chance.random(6_000) < 0.5
    opinion = chance.normal(0, 1, (6_000, 3)).astype(np.float32)
    opinion[np.arange(6_000), np.where(loud, chance.integers(0, 3, 6_000), truth)] += 4
    manner = np.zeros((6_000, SIZE), np.float32)
    manner[:, 1] = loud
    blend = Blend.fitted(("a",), {"a": opinion[:3_000]}, truth[:3_000], manner[:3_000])
    chances = blend.chances({"a": opinion[3_000:]}, manner[3_000:])
    for these in (loud[3_000:], ~loud[3_000:]):
        assert calibration_error(chances[these], truth[3_000:][these]) < 0.06
    sure = chances.max(axis=1)
    assert sure[~loud[3_000:]].mean() > 0.8
    assert sure[loud[3_000:]].mean() < 0.5


def test_a_blend_listens_to_the_kind_that_its_first_part_names() -> None:
    """As above, but it is the encoder that knows which texts are loud; what the manner says is noise then."""
    chance = np.random.default_rng(5)
    truth = chance.integers(0, 3, 6_000)
    loud = chance.random(6_000) < 0.5
    opinion = chance.normal(0, 1, (6_000, 3)).astype(np.float32)
    opinion[np.arange(6_000), np.where(loud, chance.integers(0, 3, 6_000), truth)] += 4
    kinds = np.stack([loud, ~loud], axis=1).astype(np.float32)
    said = {"a": np.concatenate([opinion, kinds], axis=1), "b": opinion}
    manner = chance.normal(0, 1, (6_000, SIZE)).astype(np.float32)
    half = {part: one[:3_000] for part, one in said.items()}
    blend = Blend.fitted(("a", "b"), half, truth[:3_000], manner[:3_000])
    left = {part: one[3_000:] for part, one in said.items()}

    chances = blend.chances(left, manner[3_000:])

    assert np.array_equal(chances, blend.chances(left, -manner[3_000:]))
    for these in (loud[3_000:], ~loud[3_000:]):
        assert calibration_error(chances[these], truth[3_000:][these]) < 0.06
    assert chances.max(axis=1)[loud[3_000:]].mean() < 0.5


@pytest.mark.parametrize("names", [("tweet", "review"), ("a", "b", "c")])
def test_a_head_tells_kinds_of_text_apart(names: tuple[str, ...]) -> None:
    chance = np.random.default_rng(6)
    place = chance.integers(0, len(names), 400)
    vectors = chance.normal(0, 0.3, (400, 8)).astype(np.float32) * 5 + 2
    vectors[np.arange(400), place] += 6
    head = kinds_head(vectors, [names[one] for one in place])
    order = sorted(names)
    found = (vectors @ head["kinds.w"].T + head["kinds.b"]).argmax(axis=1)
    assert (
        np.mean([order[one] == names[real] for one, real in zip(found, place, strict=True)]) > 0.95
    )
    assert kinds_head(vectors, ["tweet"] * 400) == {}


def test_what_chance_alone_would_cost_is_told() -> None:
    """Chances that are true have an error that many texts make small; false ones have more than chance explains."""
    chance = np.random.default_rng(7)
    chances = chance.dirichlet((2, 2, 2), 4_000).astype(np.float32)
    truth = (chance.random((4_000, 1)) > chances.cumsum(axis=1)).sum(axis=1)
    few, many = measured(chances[:100], truth[:100]), measured(chances, truth)
    assert many.ece_by_chance < few.ece_by_chance / 3
    assert many.ece < 2 * many.ece_by_chance
    sharp = chances**4 / (chances**4).sum(axis=1, keepdims=True)
    assert measured(sharp, truth).ece > 5 * measured(sharp, truth).ece_by_chance


def test_what_costs_much_is_asked_only_where_what_costs_little_is_not_sure() -> None:
    def of(part: str) -> Blend:
        weights = np.zeros((15 if part == "cheap" else 26, 3), np.float32)
        weights[:3] = np.eye(3) * (1 if part == "cheap" else -1)  # the whole one says the opposite
        parts = ("cheap",) if part == "cheap" else ("cheap", "dear")
        return Blend(parts, weights, np.zeros(3, np.float32))

    opinions = np.array([[8, 0, 0], [1, 0, 0], [0, 0, 8]], np.float32)
    asked: dict[str, list[int]] = {}

    def ask(part: str, places: Any) -> Any:
        asked[part] = list(places)
        return opinions[places]

    manner = np.zeros((3, SIZE), np.float32)
    chances = in_turn(of("cheap"), of("both"), ask, manner, sure=0.9)

    assert asked == {"cheap": [0, 1, 2], "dear": [1]}
    assert chances.argmax(axis=1).tolist() == [0, 1, 2]  # of the unsure one: not the first any more
    assert chances.sum(axis=1) == pytest.approx(1.0)
    assert in_turn(None, of("cheap"), ask, manner, sure=0.9).argmax(axis=1).tolist() == [0, 0, 2]


@pytest.mark.parametrize(
    ("text", "marked", "spaced", "asks"),
    [
        ("@shop where is it?", 1, 0, 1),
        ("a gorgeous , witty film .", 0, 1, 0),
        ("请问发货了吗？", 0, 0, 1),
        ("", 0, 0, 0),
    ],
)
def test_manner(text: str, marked: int, spaced: int, asks: int) -> None:
    assert manner_of([text])[0, 1:].tolist() == [marked, spaced, asks]


def test_manner_knows_how_long_a_text_is() -> None:
    short, usual, chinese = manner_of(["no", " ".join(["word"] * 12), "字" * 19])[:, 0]
    assert short < -2
    assert usual == pytest.approx(0.0, abs=0.05)
    assert chinese == pytest.approx(0.0, abs=0.05)


def test_figures() -> None:
    chances = np.array([[0.9, 0.05, 0.05], [0.1, 0.2, 0.7], [0.3, 0.4, 0.3]], dtype=np.float32)
    answers = np.array([0, 2, 2])
    found = measured(chances, answers)
    assert found.accuracy == pytest.approx(2 / 3)
    assert found.two_way == 1.0
    assert found.neutral == pytest.approx(1 / 3)
    assert found.recall == pytest.approx(0.75)
    assert confusion(chances, answers) == [[1, 0, 0], [0, 0, 0], [0, 1, 1]]
    assert calibration_error(chances, answers) == pytest.approx((0.1 + 0.3 + 0.4) / 3, abs=1e-6)


def test_weights_are_written_whole(tmp_path: Path) -> None:
    grams = Grams.fitted(*lesson(60), chinese=False, strength=1.0)
    blend = Blend(("grams-all",), np.ones((15, 3), np.float32), np.zeros(3, np.float32))
    kept = Weights(
        {"bge": {"head.w": np.ones((3, 4), np.float32)}},
        {"all": grams},
        {"en": blend},
        {"zh": blend},
    )
    path = tmp_path / "new" / "sentiment.npz"
    save(kept, path)
    again = load(path)
    assert again.version == kept.version
    assert again.blends["en"].parts == again.first["zh"].parts == ("grams-all",)
    assert [one.name for one in path.parent.iterdir()] == ["sentiment.npz"]


def test_damaged_weights_are_told(tmp_path: Path) -> None:
    half = tmp_path / "half.npz"
    half.write_bytes(SHIPPED.read_bytes()[:20_000])
    with pytest.raises(ModelUnavailable, match="cannot be read"):
        load(half)
    with pytest.raises(ModelUnavailable, match="is not there"):
        load(tmp_path / "none.npz")


@pytest.mark.parametrize(
    ("language", "text", "group"),
    [
        ("en", "@shop where is my order?", "en"),
        ("en", "@shop خدمة سيئة جدا", "other"),
        ("de", "Wo ist mein Paket?", "other"),
        ("en", "太慢了", "zh"),
        ("en", "", "en"),
    ],
)
def test_what_is_not_in_latin_letters_is_not_read_as_english(
    language: str, text: str, group: str
) -> None:
    assert group_of(language, text) == group


def test_a_card_tells_sets_and_languages_together_where_there_are_several() -> None:
    """A few hundred texts of one language are too few to say how true chances are."""

    def judged(seed: int, *kinds: tuple[str, str]) -> Judged:
        rows = [
            Row(f"text {seed} {n}", n % 3, language, source)
            for source, language in kinds
            for n in range(90)
        ]
        sure = np.full((len(rows), 3), -2.0, dtype=np.float32)
        for place, row in enumerate(rows):
            sure[place, row.answer if place % 9 else (row.answer + 1) % 3] = 2.0
        return Judged(rows, {"e5": sure})

    both = {"other": judged(0, ("tweets", "fr"), ("tweets", "de"), ("few", "de"))}
    kept = card_of(Trained(cast(Weights, None), both))
    assert set(kept.each) == {"tweets fr", "tweets de", "few de"}
    assert {name: one.texts for name, one in kept.pooled.items()} == {"tweets": 180, "de": 180}
    assert kept.pooled["tweets"].accuracy == pytest.approx(
        (kept.each["tweets fr"].accuracy + kept.each["tweets de"].accuracy) / 2
    )
    assert 0.8 < kept.pooled["de"].accuracy < 0.95  # one in nine is told wrong
