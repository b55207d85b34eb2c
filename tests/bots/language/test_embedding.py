from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from bots.language.embedding import LONGEST, clean
from bots.language.loader import embedder
from bots.language.model import ModelUnavailable
from bots.language.ort_bge import Bge

pytestmark = pytest.mark.model


def test_near_in_meaning_is_near_in_angle_across_languages() -> None:
    passages = embedder().passages(["Refunds take five working days.", "We sell tents."])
    queries = embedder().queries(
        ["How long until I get my money back?", "退款需要多长时间？", "帐篷"]
    )

    assert (queries @ passages.T).argmax(1).tolist() == [0, 0, 1]
    assert queries.dtype == np.dtype(np.float32)
    assert queries.shape == (3, embedder().dimensions)
    assert np.allclose(np.linalg.norm(queries, axis=1), 1, atol=1e-5)


def test_many_texts_keep_their_order_and_one_text_its_vector() -> None:
    texts = [f"parcel number {n} " * (n % 5 + 1) for n in range(40)]

    together = embedder().passages(texts)

    assert np.allclose(together[[3, 37]], embedder().passages([texts[3], texts[37]]), atol=1e-4)
    assert embedder().passages([]).shape == (0, 384)


def test_threads_do_not_disturb_one_another() -> None:
    texts = [f"Where is order {n}?" for n in range(16)]
    alone = [embedder().queries([text])[0] for text in texts]

    with ThreadPoolExecutor(4) as pool:
        at_once = list(pool.map(lambda text: embedder().queries([text])[0], texts))

    assert np.allclose(alone, at_once, atol=1e-5)


@pytest.mark.parametrize("text", ["", "\0", "\ud800", "🏔" * 10, "ab\0cd"])
def test_any_text_has_a_vector(text: str) -> None:
    assert np.isfinite(embedder().queries([text])).all()


@pytest.mark.parametrize(
    ("text", "read"), [("a\0b", "a b"), ("\ud800", "?"), (" ", "."), ("x" * 9_000, "x" * LONGEST)]
)
def test_clean_leaves_what_an_engine_in_c_can_read(text: str, read: str) -> None:
    assert clean(text) == read


def test_the_english_model_knows_its_own_dimensions() -> None:
    english = embedder("bge")

    passages = english.passages(["Refunds take five working days.", "We sell tents."])
    assert (english.queries(["money back"]) @ passages.T).argmax() == 0
    assert passages.shape == (2, english.dimensions)


def test_an_english_vector_does_not_depend_on_the_texts_beside_it() -> None:
    english = embedder("bge")
    texts = ["Where is my parcel?", "refund " * 90, "a", "Ünï 🏔 你好", "How do I reset it? " * 60]

    together = english.queries(texts)

    assert np.isfinite(together).all()
    assert np.allclose(together, [english.queries([text])[0] for text in texts], atol=1e-6)


def test_a_folder_without_weights_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable) as problem:
        Bge(tmp_path)

    assert problem.value.code == "broken_file"
