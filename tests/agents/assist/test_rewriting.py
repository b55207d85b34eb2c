"""An agent's words written anew: better, and with every fact that was in them."""

from datetime import datetime

import pytest

from agents.assist.models import Suggestion
from agents.assist.rules.rewriting import correct, friendlier, keeps, shorter
from tests import make
from tests.agents.api import Door
from tests.bots.talks import knows

LONG = (
    "Thank you for contacting us. In order to return the boots, you need to send them back within 30 days."
    " We are not able to take worn ones. Please do not hesitate to contact us if you have any questions."
)


@pytest.mark.unit
def test_shorter_leaves_out_what_is_only_polite() -> None:
    said = shorter(LONG)
    assert said == (
        "To return the boots, you need to send them back within 30 days. We are not able to take worn ones."
    )
    assert keeps(LONG, said)
    assert shorter("Send them back within 30 days.") == "Send them back within 30 days."
    assert shorter("你可以在30天内退货。感谢您的咨询。") == "你可以在30天内退货。"


@pytest.mark.unit
def test_friendlier_greets_asks_and_offers_once() -> None:
    said = friendlier("You need to send them back. Use the label from Berlin.", name="Ann Lee")
    assert said == (
        "Hi Ann, please send them back. Please use the label from Berlin."
        " Let me know if I can help with anything else."
    )
    assert friendlier(said, name="Ann Lee") == said
    assert friendlier("你可以退货。", name="", language="zh") == "您好！您可以退货。"
    assert "must not" in friendlier("You must not wash it.", name="Bo")


@pytest.mark.unit
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("We take 30 euros.", "We take 35 euros."),
        ("It does not leak.", "It does leak."),
        ("It arrives on 4 May 2026.", "It arrives on 4 May."),
        ("Write to us@shop.example now.", "Write to us now."),
        ("Please ask Maria for it.", "Please ask for it."),
        ("我们不退货。", "我们退货。"),
    ],
)
def test_what_loses_a_fact_is_seen(before: str, after: str) -> None:
    assert not keeps(before, after)
    assert not keeps(after, before)
    assert keeps(before, before)


@pytest.mark.unit
def test_correcting_needs_no_dictionary_for_blanks_doubles_and_capitals() -> None:
    assert correct("it is  the the wrong one , sorry") == "It is the wrong one, sorry"
    assert (
        correct("See shop.example/returns for e.g. boots.")
        == "See shop.example/returns for e.g. boots."
    )


@pytest.mark.unit
@pytest.mark.parametrize(
    "text",
    [
        "Please feel free to keep the old pair. It is not very warm, and not really waterproof.",
        "Don't hesitate to see a doctor if it gets worse. If you have any other allergies, tell the kitchen.",
        "Let me know if the blue one is fine. The tent is ready for you in the shop since this morning.",
        "I understand your card was stolen, so we blocked it. We hope that you come to the shop tomorrow.",
        "如有任何不适，请立即停药并就医。希望这周五之前把表格寄给我们。祝您好胃口，桌子已经改好了。",
    ],
)
def test_shorter_leaves_a_sentence_that_only_begins_politely(text: str) -> None:
    assert shorter(text) == text


@pytest.mark.unit
def test_what_only_looks_like_an_order_is_none() -> None:
    text = "Open invoices are listed below. You should have received them. You need to be 18."
    assert friendlier(text, name="Ann") == (
        f"Hi Ann! {text} Let me know if I can help with anything else."
    )
    asked = "Let me know if the blue one is fine for you, then I will exchange it today."
    assert friendlier(asked, name="Dr. Ann") == f"Hello! {asked}"
    assert friendlier("Never share it.", name="ann@shop.example") == "Hello! Never share it."


@pytest.mark.unit
def test_lines_stay_lines() -> None:
    steps = "1. Open the app.\n2. Go to *Settings*.\n3. Close it."
    assert friendlier(steps, name="Ann").startswith("Hi Ann,\n\n1. Open the app.\n2. Go")
    assert shorter(f"Hi Ann,\n\n{steps}\n\nHave a nice day!\nTom") == f"Hi Ann,\n\n{steps}\n\nTom"


@pytest.mark.unit
def test_addresses_and_abbreviations_are_not_corrected() -> None:
    text = "See https://shop.example/teh,x for the .zip file (i.e. the manual), max. two a day."
    assert correct(text, lambda word: f"{word}s" if word == "https" else None) == text
    link = "You must send the boots back with the label from https://shop.example/returns"
    assert keeps(link, friendlier(link, name="Ann"), may_come="Ann")
    fixed = correct("we open on friday", lambda _: None)
    assert fixed == "We open on Friday"
    assert keeps("we open on friday", fixed)


@pytest.mark.integration
@pytest.mark.django_db(transaction=True)
def test_the_agent_gets_it_back_or_is_told_why_not(at: datetime) -> None:
    knows(at)
    agent = make.agent()
    customer = make.customer(name="Ann Lee")
    talk = make.conversation(state="assigned", assignee=agent, customer=customer)
    door, path = Door(agent), f"conversations/{talk.uuid}/rewrite/"

    made = door.post(
        path, {"text": "You will recieve teh colour you like, Ghzrtl", "how": "correct"}
    )
    assert made["text"] == "You will receive the colour you like, Ghzrtl"
    row = Suggestion.objects.get()
    assert (str(row.uuid), row.kind, row.by) == (made["id"], "rewrite", "rules")
    again = door.post(path, {"text": made["text"], "how": "correct"})
    assert (again["changed"], again["why"]) == (False, "No mistake was found.")
    german = (
        "Sie können die Stiefel innerhalb von 30 Tagen zurückgeben, wenn sie nicht getragen sind."
    )
    assert "English and Chinese" in door.post(path, {"text": german, "how": "shorter"})["why"]
    assert door.ask("post", path, {"text": "", "how": "louder"})[0] == 400
    assert Door(make.agent()).ask("post", path, {"text": "Hi", "how": "correct"})[0] == 404
