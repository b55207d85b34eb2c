"""Words: what is compared when two texts are compared by their words. Pure.

Questions and articles are cut by the same rules, so they can meet. Chinese has no spaces: each
character counts, and each pair of neighbours.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Any

LONGEST_WORD = 64
TOLD_BY_LETTERS = frozenset({"zh", "ja", "ko"})  # languages that nobody takes for another one
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_RUNS = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+(?:['’][a-z]{{1,2}}\b)?")
_HAN_RUN = re.compile(rf"[{_HAN}]")
_KANA = re.compile("[\u3040-\u30ff]")
_HANGUL = re.compile("[\uac00-\ud7af]")
_LATIN = re.compile("[a-zA-Z]")
# The words of an address are of no language: “com” is a small word of Portuguese.
# It begins where a word does: sought at every letter, a word of 100,000 would cost twelve seconds.
_ADDRESS = re.compile(
    r"(?<![\w.%+-])[\w.%+-]{1,64}@[\w.-]+|(?:https?://|www\.)[!-~]+", re.ASCII | re.IGNORECASE
)
_COMBINING = re.compile("[\u0300-\u036f]")

_ENDINGS = (
    ("sses", "ss"),
    ("ies", "y"),
    ("ing", ""),
    ("edly", ""),
    ("ed", ""),
    ("ly", ""),
    ("es", "e"),
    ("s", ""),
)

_COMMON = (
    "a an the of to in on at for from by with is are was were be been am do does did done can could "
    "will would should shall may might have has had i you he she it we they me my your his her its "
    "our their us this that these those there here what which who whom how when where why and or "
    "but if so as not no just please about any some into than then too very get got i'm i've it's "
    "don't can't"
)


def normal(text: str) -> str:
    """One spelling for what looks the same: width, case and accents are folded."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    return unicodedata.normalize("NFC", _COMBINING.sub("", folded))


def stem(word: str) -> str:
    """A cautious cut of English endings; other scripts are left alone."""
    if len(word) < 4 or not word.isascii():
        return word
    if word.endswith("'s"):
        return word[:-2]
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and not (ending == "s" and word.endswith("ss")):
            cut = word[: len(word) - len(ending)] + instead
            if len(cut) >= 3:
                word = cut
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lse":
        word = word[:-1]
    return word[:-1] if len(word) > 3 and word.endswith("e") else word


def tokens(text: str) -> list[str]:
    """The words of a text in order, repeated ones included."""
    return list(_tokens(normal(text)))


def _tokens(text: str) -> Iterator[str]:
    for run in _RUNS.findall(text):
        if _HAN_RUN.match(run):
            yield from run
            yield from (run[i : i + 2] for i in range(len(run) - 1))
        else:
            yield stem(run.replace("’", "'"))[:LONGEST_WORD]


COMMON_WORDS = frozenset(_tokens(_COMMON))


def has_words(text: str) -> bool:
    """Whether there is anything to understand: a letter or a digit of any script."""
    return any(character.isalnum() for character in text)


# --- which language? ----------------------------------------------------------------------

_ENGLISH = (
    "the is are do does did can could how what when where why who which my your you i i'm it a an to "
    "for of and or in on at by as with from not have has had was were will would want need this that there but if "
    "so be been me we he she they get got about please hi hello hey see thanks thank "
    "yes no ok order return refund delivery shipping payment help"
)
_GERMAN = (
    "der die das den dem des ein eine einen einer ich wir sie er es man mein meine meinen ihr ihre ist sind bin "
    "hat war wird wie wo wann warum wer und oder aber nicht kein keine nur noch auch schon mit für auf von zu zum zur "
    "im in an am um aus als nach bei dass wenn so sich kann möchte habe haben bekomme geld paket lieferung bestellung "
    "rückgabe rücksendung versand rechnung konto passwort vergessen zurück hallo danke bitte ja nein hilfe lange kostet"
)
_FRENCH = (
    "le la les un une des du au aux ce cette je j'ai tu il elle on nous vous mon ma mes votre est c'est sont suis où "
    "quand comment pourquoi combien que qui et ou mais ne pas plus tout pour avec sur dans de à en par se si puis veux "
    "voudrais avez fait colis commande livraison remboursement retour facture compte passe mot oublié bonjour merci oui "
    "non aide coûte salut"
)
_SPANISH = (
    "el la los las lo un una unos al del yo me mi mis te se su es son hay está dónde cuándo cómo como qué que cuánto "
    "cuál por para con sin en de a y o pero si no ya más muy todo quiero puedo tengo pedido envío reembolso devolución "
    "factura cuenta contraseña olvidada olvidé paquete hola gracias sí ayuda cuesta tarda"
)
_ITALIAN = (
    "il lo la i gli le un uno una di del della dei delle da dal in nel nella con su per tra che chi cosa come quando "
    "dove perché quanto non più ma e o è sono ho hai ha mi ti ci si io tu lui noi mio mia questo questa anche solo "
    "tutto bene voglio vorrei posso ordine pacco consegna spedizione rimborso reso fattura conto ciao buongiorno "
    "grazie prego sì aiuto costa"
)
_PORTUGUESE = (
    "o a os as um uma uns de do da dos das no na nos nas em ao à pelo pela com por para pra que quem qual quando onde "
    "como porque quanto não mais mas e ou é são está foi tem tenho eu tu ele ela você vc me te se meu minha seu sua "
    "isso esse essa este esta muito só já também quero posso gostaria pedido encomenda entrega envio reembolso "
    "devolução fatura conta senha olá oi obrigado obrigada sim ajuda custa"
)
_HINDI = (  # in Latin letters, as it is typed
    "hai hain nahi nahin nai kya kyu kyun kyon kaise kab kahan kaun kar karo karna kiya ke ki ka ko se mein mai main "
    "mujhe mera meri mere aap aapka aapki tum tumhara hum hamara yeh ye woh wo bhi aur par lekin agar toh tha thi thee "
    "raha rahi rahe gaya gayi gaye hua hui hue ho hoga bahut bhot accha acha bhai ji abhi sab ek koi liye wala wali "
    "sirf apna apni apne diya dena chahiye paisa paise"
)
_HINTS = {
    "en": frozenset(_ENGLISH.split(" ")),
    "de": frozenset(_GERMAN.split(" ")),
    "fr": frozenset(_FRENCH.split(" ")),
    "es": frozenset(_SPANISH.split(" ")),
    "it": frozenset(_ITALIAN.split(" ")),
    "pt": frozenset(_PORTUGUESE.split(" ")),
    "hi": frozenset(_HINDI.split(" ")),
}
_SIGNS = {"es": re.compile("[¿¡ñ]"), "de": re.compile("ß"), "fr": re.compile("[œçêèù]")}


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def language_of(text: str, *, otherwise: str = "en") -> str:
    """The two-letter code of a text's language; `otherwise` when it is too short to tell, or like no language.

    Scripts decide first; statistics are asked only about texts long enough for them.
    """
    text = _ADDRESS.sub(" ", text)
    words = _RUNS.findall(text.casefold())
    letters = [word for word in words if not word.isdigit() and not _HAN_RUN.match(word)]
    if script := _by_script(text, words):
        return script
    if not letters:
        return otherwise
    if hinted := _by_hints(text, letters):
        return hinted
    plain = all(word.isascii() for word in letters)
    code, certainty = _identifier().classify(" ".join(letters))
    # Two or three words in plain Latin letters look like anything to statistics; without any small word of English
    # a longer text is hardly English.
    foreign = len(letters) > 3 and not any(word in _HINTS["en"] for word in letters)
    enough = 0.999 if plain and len(letters) < 4 else (0.5 if foreign else 0.8)
    return str(code) if certainty >= enough or not _LATIN.search(text) else otherwise


def _by_hints(text: str, letters: list[str]) -> str | None:
    """Short texts are told by small words and those that every shop hears; English where they tie."""
    told = {
        code: sum(word in hints for word in letters)
        + bool(code in _SIGNS and _SIGNS[code].search(text))
        for code, hints in _HINTS.items()
    }
    best = max(told, key=lambda code: told[code])
    tied = sum(count == told[best] for count in told.values()) > 1
    if told[best] * 4 < len(letters) or (tied and best != "en"):
        return None
    return best


def _by_script(text: str, words: list[str]) -> str | None:
    """Korean, Japanese and Chinese are told by their letters, names in Latin ones aside."""
    if _HANGUL.search(text):
        return "ko"
    han = sum(len(word) for word in words if _HAN_RUN.match(word))
    if len(_KANA.findall(text)) * 4 > han:
        return "ja"
    others = sum(1 if word.isascii() else len(word) for word in words)
    return "zh" if han and han * 2 >= others else None


def same_language(one: str, other: str) -> bool:
    """`en` and `en-GB` are the same for a reader; so are `zh` and `zh-Hans`."""
    return one.casefold().split("-")[0] == other.casefold().split("-")[0]
