"""Nobody who waits for an answer waits for weights."""

from pathlib import Path
from threading import Event, Thread

import pytest

from bots.language import loader

pytestmark = pytest.mark.unit


def test_what_is_not_loaded_is_not_at_hand(tmp_path: Path) -> None:
    assert loader.language_model_at_hand("a/model", cache_dir=tmp_path) is None
    assert not loader.is_embedder_at_hand("an/encoder")


def test_a_model_elsewhere_is_always_at_hand(tmp_path: Path) -> None:
    spec = "openai:small@http://127.0.0.1:9/v1"
    found = loader.language_model_at_hand(spec, cache_dir=tmp_path)
    assert found is loader.language_model(spec, cache_dir=tmp_path)


def test_what_has_died_is_loaded_again() -> None:
    alive = {"first": True, "second": True}
    names = iter(alive)
    key = ("test", "mortal")

    def get() -> str:
        found: str = loader._once(key, lambda: next(names), is_alive=alive.__getitem__)
        return found

    assert [get(), get()] == ["first", "first"]
    alive["first"] = False
    assert [get(), get()] == ["second", "second"]
    del loader._loaded[key]


def test_the_small_encoder_does_not_wait_for_a_big_model() -> None:
    begun, may_end = Event(), Event()

    def load() -> str:
        begun.set()
        assert may_end.wait(20)
        return "big"

    big = Thread(target=loader._once, args=(("test", "big"), load))
    big.start()
    try:
        assert begun.wait(5)
        loader.embedder()
        assert loader.is_embedder_at_hand()
        assert ("test", "big") not in loader._loaded
    finally:
        may_end.set()
        big.join()
    assert loader._loaded.pop(("test", "big")) == "big"
