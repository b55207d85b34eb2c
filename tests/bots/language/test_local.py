"""The real weights: answers do not depend on who else is being answered."""

import os
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from bots.language.decoder import Decoder, Piece, Row
from bots.language.loader import language_model
from bots.language.local_decoder import TorchDecoder
from bots.language.model import (
    CannotWrite,
    Completion,
    LanguageModel,
    ModelUnavailable,
    Overloaded,
    Passage,
    Turn,
)
from bots.language.ort_decoder import OrtDecoder
from bots.language.weights import model_folder, network_folder

pytestmark = pytest.mark.model

RETURNS = Passage(
    "a1",
    "Returns",
    "You can return unused goods within 30 days of delivery. Return shipping costs €4.90 unless "
    "the item is faulty. Sale items can be exchanged but not refunded.",
)
CAFE = Passage("a2", "Café", "Our café opens at 9:00 – naïve guests are welcome 🏔️ every day.")
ASKED = [
    (RETURNS, "How long do I have to return boots?"),
    (RETURNS, "What does return shipping cost?"),
    (CAFE, "When does the café open?"),
    (RETURNS, "Which items can be exchanged?"),
    (CAFE, "Who is welcome 🏔️?"),
]


def never() -> bool:
    return False


def write(
    model: LanguageModel,
    asked: tuple[Passage, str],
    on_text: Callable[[str], None] = lambda _text: None,
    cancelled: Callable[[], bool] = never,
) -> Completion:
    passage, question = asked
    return model.write(
        turns=[Turn("customer", question)],
        passages=[passage],
        language="en",
        on_text=on_text,
        cancelled=cancelled,
    )


def kept_models() -> Path:
    """Converted once for all runs on a machine: the weights do not change."""
    kept = os.environ.get("TEST_MODELS_DIR")
    return (
        Path(kept) if kept else Path(tempfile.gettempdir()) / f"contactcenter-models-{os.getuid()}"
    )


@pytest.fixture(scope="module")
def model() -> Iterator[LanguageModel]:
    loaded = language_model(device="cpu", cache_dir=kept_models())
    yield loaded
    loaded.close()
    assert not loaded.ready()


def alike(a: Row, b: Row) -> float:
    """The cosine of two lines of scores, from whose mean nothing depends."""
    a, b = a - a.mean(), b - b.mean()
    return float((a @ b) / (a @ a) ** 0.5 / (b @ b) ** 0.5)


def torch_decoder(monkeypatch: pytest.MonkeyPatch) -> Decoder:
    """At full precision."""
    monkeypatch.setattr("bots.language.local_decoder.can_do_int8", lambda: False)
    return TorchDecoder(model_folder("", kept_models()), device="cpu", slots=2, context=128)


def ort_decoder(_monkeypatch: pytest.MonkeyPatch) -> Decoder:
    folder = network_folder(model_folder("", kept_models()), kept_models(), context=768)
    return OrtDecoder(folder, slots=2, threads=1)


@pytest.mark.parametrize("make", [torch_decoder, ort_decoder])
def test_a_row_does_not_depend_on_its_neighbours_nor_on_how_its_prompt_was_cut(
    make: Callable[[pytest.MonkeyPatch], Decoder], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Alone and among others that come, go and move up; word by word and several at a time.

    With eight bits the smallest difference may end in the next step of rounding.
    """
    decoder = make(monkeypatch)
    first, second = [5 + n * 7 % 900 for n in range(90)], [9 + n * 11 % 900 for n in range(40)]
    then = [300, 20, 411, 77, 256, 31]

    def told(*pieces: Piece) -> list[Any]:
        scores = decoder.step(pieces)
        return [scores.line(n).copy() for n in range(len(scores.best()))]

    told(Piece(0, 0, first[:64], 0))
    alone = told(Piece(0, 64, first[64:]))
    alone += [told(Piece(0, 90 + n, [word]))[0] for n, word in enumerate(then)]

    told(Piece(0, 0, second, 0), Piece(1, 0, first[:24], 0))
    told(Piece(0, 40, [8]), Piece(1, 24, first[24:60], 0))
    among = [told(Piece(0, 41, [8]), Piece(1, 60, first[60:]))[1]]
    among += [told(Piece(0, 42, [8]), Piece(1, 90, then[:1]))[1]]
    among += told(Piece(0, 43, [8], 0), Piece(1, 91, then[1:3], 2))
    decoder.move(1, 0, 93)
    kept = decoder.copied(0, 93)
    decoder.fill(0, kept * 0)
    assert decoder.fill(0, kept) == 93
    among += told(Piece(0, 93, then[3:], 3))

    for a, b in zip(alone, among, strict=True):
        assert alike(a, b) > (0.96 if decoder.precision == "int8" else 0.99999)


def test_eight_bits_say_nearly_what_full_precision_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """The two engines share no code but the names of the weights."""
    told = [5 + n * 7 % 900 for n in range(100)]
    lines = [
        make(monkeypatch).step([Piece(0, 0, told, 30)]) for make in (torch_decoder, ort_decoder)
    ]
    pairs = [(lines[0].line(n), lines[1].line(n)) for n in range(30)]

    assert min(alike(a, b) for a, b in pairs) > 0.96


def test_conversations_that_come_and_go_together_are_answered_as_alone(
    model: LanguageModel,
) -> None:
    """Word for word, unless two words were as good as equal: so their beginnings are compared."""
    alone = [write(model, asked) for asked in ASKED]

    with ThreadPoolExecutor(3) as pool:  # three at once of five: they join and leave on the way
        together = list(pool.map(lambda asked: write(model, asked), ASKED))

    assert [c.text[:20] for c in together] == [c.text[:20] for c in alone]
    assert sum(a.text == b.text for a, b in zip(alone, together, strict=True)) >= 3
    assert all(0 < c.seconds_to_first <= c.seconds and c.text for c in alone)


def test_the_pieces_are_whole_characters_and_make_the_text(model: LanguageModel) -> None:
    pieces: list[str] = []

    completion = write(model, ASKED[4], pieces.append)

    assert "".join(pieces).rstrip() == completion.text
    assert not any("\ufffd" in piece for piece in pieces)


def test_the_words_are_those_of_the_passage(model: LanguageModel) -> None:
    text = write(model, (RETURNS, "How can I get my refund on PayPal?")).text

    assert "PayPal" not in text


def test_a_customer_who_leaves_ends_the_answer_and_the_next_is_served(
    model: LanguageModel,
) -> None:
    pieces: list[str] = []

    completion = write(model, ASKED[0], pieces.append, cancelled=lambda: len(pieces) >= 2)

    assert (len(pieces), completion.finished) == (2, False)
    assert write(model, ASKED[1]).text


def test_what_the_reader_of_words_raises_comes_through(model: LanguageModel) -> None:
    def fails(_text: str) -> None:
        raise ConnectionError("the socket is closed")

    with pytest.raises(ConnectionError):
        write(model, ASKED[0], fails)
    assert write(model, ASKED[1]).text


def test_it_does_not_write_what_it_cannot(model: LanguageModel) -> None:
    with pytest.raises(CannotWrite) as refusal:
        model.write(
            turns=[Turn("customer", "退货")],
            passages=[],
            language="zh",
            on_text=lambda _text: None,
            cancelled=never,
        )
    assert refusal.value.language == "zh"


def test_a_full_queue_says_so_at_once(model: LanguageModel, monkeypatch: Any) -> None:
    monkeypatch.setattr(model._engine._waiting, "limit", 0)  # type: ignore[attr-defined]

    with pytest.raises(Overloaded):
        write(model, ASKED[0])


def test_an_error_in_the_engine_fails_who_waits_and_nobody_after(
    model: LanguageModel, monkeypatch: Any, caplog: pytest.LogCaptureFixture
) -> None:
    decoder = model._engine._decoder  # type: ignore[attr-defined]
    whole, broken = decoder.step, Event()

    def once(*args: Any) -> Any:
        if not broken.is_set():
            broken.set()
            raise RuntimeError("a kernel failed")
        return whole(*args)

    monkeypatch.setattr(decoder, "step", once)

    with pytest.raises(ModelUnavailable) as refusal:
        write(model, ASKED[0])

    assert refusal.value.code == "failed"
    assert "boots" not in caplog.text
    assert write(model, ASKED[0]).text


@pytest.mark.parametrize(
    ("spec", "code"),
    [("/no/such/folder", "wrong_name"), ("", "wrong_name")],
)
def test_a_wrong_name_or_device_is_told_in_one_line(spec: str, code: str, tmp_path: Path) -> None:
    device = "cpu" if spec else "gpu"
    with pytest.raises(ModelUnavailable) as refusal:
        language_model(spec, device=device, cache_dir=tmp_path)

    assert refusal.value.code == code
    assert "\n" not in str(refusal.value)


def test_half_a_file_is_told_in_one_line(tmp_path: Path) -> None:
    for name in ("config.json", "tokenizer.json"):
        (tmp_path / name).write_text("{}")
    with pytest.raises(ModelUnavailable) as missing:
        language_model(str(tmp_path), device="cpu", cache_dir=tmp_path)
    (tmp_path / "config.json").write_text('{"model_type": "llama"}')
    (tmp_path / "model.safetensors").write_bytes(b"\x08")
    with pytest.raises(ModelUnavailable) as broken:
        language_model(str(tmp_path), device="cpu", cache_dir=tmp_path)

    assert (missing.value.code, broken.value.code) == ("missing_file", "broken_file")


def test_a_killed_conversion_is_swept_away_and_done_again(tmp_path: Path) -> None:
    left = tmp_path / ".converting-killed"
    left.mkdir()
    (left / "model.safetensors").write_bytes(b"half")

    folder = model_folder("", tmp_path)

    assert not left.exists()
    assert sorted(path.name for path in folder.iterdir()) == [
        "chat_template.jinja",
        "config.json",
        "model.safetensors",
        "tokenizer.json",
        "tokenizer_config.json",
    ]
