import pytest

from bots.knowledge.text import language_of, same_language, tokens

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param(
            "Returning the Tents’ pegs", ["return", "the", "tent", "peg"], id="English endings"
        ),
        pytest.param("退货期", ["退", "货", "期", "退货", "货期"], id="characters and their pairs"),
        pytest.param("Ｃａｆé ÉTÉ", ["caf", "ete"], id="width, case and accents"),
        pytest.param("🙂 …", [], id="no words"),
    ],
)
def test_tokens(text: str, words: list[str]) -> None:
    assert tokens(text) == words


def test_one_word_in_three_forms_is_one_word() -> None:
    assert tokens("return returns returned")[0] == tokens("returns")[0] == tokens("returned")[0]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("where is my parcel", "en"),
        ("refund", "en"),
        ("Gore-Tex jacket warranty", "en"),
        ("退货", "zh"),
        ("iPhone 保修多久", "zh"),
        ("ありがとうございます", "ja"),
        ("배송은 얼마나 걸리나요", "ko"),
        ("Où est ma commande ?", "fr"),
        ("wo ist meine Bestellung?", "de"),
        ("quiero devolver un producto", "es"),
        ("12345", "en"),
        ("Wo ist mein Paket?", "de"),
        ("Passwort vergessen", "de"),
        ("danke", "de"),
        ("Où est mon colis ?", "fr"),
        ("livraison", "fr"),
        ("Bonjour", "fr"),
        ("¿Dónde está mi pedido?", "es"),
        ("como cancelo mi pedido", "es"),
        ("Hola", "es"),
        ("what was that", "en"),
        ("I was in the war", "en"),
        ("password reset", "en"),
        ("Meu pedido chegou errado, o que eu faço agora?", "pt"),
        ("Consta como entregue, mas não recebi nada!", "pt"),
        ("Ho chiesto la disdetta a marzo, com'è possibile?", "it"),
        ("mera paisa abhi tak nahi aaya", "hi"),
        ("طلبي @shop تأخر ولم يتصل بي أحد http", "ar"),
        ("Unglaublich! Miete rauf, Mieter raus", "de"),
        ("refer to me as nick", "en"),
        ("it is as good as a new one", "en"),
    ],
)
def test_language_of_short_texts(text: str, code: str) -> None:
    assert language_of(text) == code


def test_what_does_not_tell_is_in_the_language_of_before() -> None:
    assert language_of("ok", otherwise="zh") == "zh" or language_of("ok") == "en"
    assert language_of("123", otherwise="zh") == "zh"


def test_regions_do_not_make_a_language() -> None:
    assert same_language("en-GB", "EN")
    assert not same_language("zh", "en")


@pytest.mark.parametrize(
    "text", ["he.jia@example.com", "https://shop.example.com/la/e/o", "www.de"]
)
def test_an_address_is_of_no_language(text: str) -> None:
    assert language_of(text, otherwise="zh") == "zh"
    assert language_of(f"请发到{text}，谢谢", otherwise="en") == "zh"
