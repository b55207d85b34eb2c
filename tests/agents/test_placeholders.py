"""Placeholders are put in, never evaluated."""

import pytest

from agents.rules.placeholders import Rendered, render, text_for, unknown_in

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("text", "values", "done"),
    [
        ("Hi {{customer.name}}!", {"customer.name": "Ann"}, Rendered("Hi Ann!")),
        ("Hi {{ customer.name | there }}!", {}, Rendered("Hi there!")),
        ("Hi {{customer.name|}}!", {}, Rendered("Hi !")),
        ("Hi {{customer.name}}!", {}, Rendered("Hi !", missing=["customer.name"])),
        ("{{who}} {{who}}", {}, Rendered("{{who}} {{who}}", unknown=["who"])),
        ("{{customer.attributes.tier}}", {"customer.attributes.tier": "Gold"}, Rendered("Gold")),
        (
            "{{customer.__class__}}",
            {"customer.__class__": "x"},
            Rendered("{{customer.__class__}}", unknown=["customer.__class__"]),
        ),
        ("{{customer.name}}", {"customer.name": "{{agent.name}}"}, Rendered("{{agent.name}}")),
        ("{% now %} {{ }} {{{", {}, Rendered("{% now %} {{ }} {{{", unknown=[""])),
    ],
)
def test_a_text_is_filled_in(text: str, values: dict[str, str], done: Rendered) -> None:
    assert render(text, values) == done


def test_an_editor_hears_of_names_that_do_not_exist() -> None:
    assert unknown_in("{{customer.nam}} {{agent.name}} {{x}} {{x}}") == ["customer.nam", "x"]


def test_the_language_is_the_nearest() -> None:
    texts = {"en": "Hello", "zh-Hans": "你好"}

    assert text_for(texts, "zh-Hant") == ("zh-Hans", "你好")
    assert text_for(texts, "de", "zh") == ("zh-Hans", "你好")
    assert text_for(texts, "de") == ("en", "Hello")
    assert text_for({"fr": "Salut"}, "de") == ("fr", "Salut")
    assert text_for({}, "de") == ("", "")
