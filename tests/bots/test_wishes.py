import pytest

from bots.answering.phrases import phrase
from bots.answering.wishes import Wish, wish_of

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    "text",
    [
        "Can I talk to a real person, please?",
        "agent",
        "HUMAN!!",
        "let me speak to the reception",
        "I don't know how to chat with an assistant",
        "put me through to your manager",
        "get someone on the phone now",
        "I don't want to talk to a bot",
        "is there a person I can talk to?",
        "call me back please",
        "转人工",
        "我要找真人客服",
        "能不能和工作人员说一下",
        "不要机器人回复",
        "Ich möchte mit einem Menschen sprechen",
        "Verbinden Sie mich bitte mit dem Kundenservice",
        "Je voudrais parler à un conseiller",
        "Quiero hablar con una persona",
    ],
)
def test_a_person_is_asked_for_in_many_words(text: str) -> None:
    assert wish_of(text) == Wish.HUMAN


@pytest.mark.parametrize("language", ["en", "zh", "de", "fr", "es"])
def test_what_may_be_pressed_for_a_person_is_taken_for_it(language: str) -> None:
    assert wish_of(phrase("person", language)) == Wish.HUMAN


@pytest.mark.parametrize(
    "text",
    [
        "Can I return it in person?",
        "Can someone else pick up my order?",
        "How many people fit into the tent?",
        "What are your customer service hours?",
        "I made a transfer to someone by mistake",
        "Do I need to speak to a representative to change my PIN?",
        "I don't need to talk to anyone, just tell me the price",
        "act like a real person",
        "请问客服几点上班",
        "人工费怎么算",
        "不用转人工",
        "I want to talk about my order",
        "¿Puede recoger mi pedido otra persona en la tienda?",
        "Wo kann ich mich beschweren?",
        "Comment déposer une réclamation ?",
        "Is this jacket real leather?",
        "你们是什么公司",
    ],
)
def test_a_question_that_only_sounds_like_it_is_a_question(text: str) -> None:
    assert wish_of(text) is None


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        pytest.param("hi", Wish.GREETING, id="hello"),
        pytest.param("Danke, tschüss", Wish.GOODBYE, id="goodbye in German"),
        pytest.param("Merci beaucoup !", Wish.THANKS, id="thanks in French"),
        pytest.param("¡Hola, buenos días!", Wish.GREETING, id="hello in Spanish"),
        pytest.param("Am I talking to a real person?", Wish.ABOUT, id="what it is"),
        pytest.param("what can you do?", Wish.ABOUT, id="what it can do"),
        pytest.param("您是真人还是机器人", Wish.ABOUT, id="what it is, in Chinese"),
        pytest.param("Bist du ein Bot?", Wish.ABOUT, id="what it is, in German"),
        pytest.param("你好，在吗？", Wish.GREETING, id="hello in Chinese"),
        pytest.param("Thanks a lot!", Wish.THANKS, id="thanks"),
        pytest.param("好的谢谢", Wish.THANKS, id="thanks in Chinese"),
        pytest.param("No, that is all for today, thank you!", Wish.THANKS, id="nothing more"),
        pytest.param("谢谢，没有了", Wish.THANKS, id="nothing more, in Chinese"),
        pytest.param("No, that's not it", None, id="something else"),
        pytest.param("bye bye", Wish.GOODBYE, id="goodbye"),
        pytest.param("我要投诉你们", Wish.COMPLAINT, id="a complaint in Chinese"),
        pytest.param("You are useless", Wish.COMPLAINT, id="abuse"),
        pytest.param("This whole chat is not helping at all", Wish.CROSS, id="enough of it"),
        pytest.param("The stove is not working at all", None, id="a thing that does not work"),
        pytest.param("I'm not comfortable telling that to a bot", Wish.HUMAN, id="no bot"),
        pytest.param("", Wish.UNCLEAR, id="nothing"),
        pytest.param("???", Wish.UNCLEAR, id="only signs"),
        pytest.param("asdfgh", Wish.UNCLEAR, id="a hand across the keyboard"),
        pytest.param("aaaaaaaa", Wish.UNCLEAR, id="one key held down"),
        pytest.param("42", Wish.UNCLEAR, id="only a number"),
        pytest.param("How do I file a complaint?", None, id="a question about complaints"),
        pytest.param("hi, where is my parcel?", None, id="a greeting before a question"),
    ],
)
def test_plain_wishes(text: str, wish: Wish | None) -> None:
    assert wish_of(text) == wish
