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
    "for of and or in on with from not have has will would want need please hi hello hey thanks thank "
    "yes no ok order return refund delivery shipping payment help"
)
_GERMAN = (
    "der die das den dem ein eine einen ich wir sie mein meine meinen ihr ihre ist sind war wie wo wann "
    "warum wer und oder nicht kein keine mit für auf von zu im bei kann möchte habe haben bekomme geld "
    "paket lieferung bestellung rückgabe rücksendung versand rechnung konto passwort vergessen zurück "
    "hallo danke bitte ja nein hilfe lange kostet"
)
_FRENCH = (
    "le la les un une des du je nous vous mon ma mes votre est sont où quand comment pourquoi combien "
    "qui et ou ne pas pour avec sur dans de à au puis veux voudrais avez colis commande livraison "
    "remboursement retour facture compte passe mot oublié bonjour merci oui non aide coûte salut"
)
_SPANISH = (
    "el la los las un una unos yo mi mis su es son está dónde cuándo cómo qué cuánto cuál por para con en "
    "de y o no quiero puedo tengo pedido envío reembolso devolución factura cuenta contraseña olvidada "
    "olvidé paquete hola gracias sí ayuda cuesta tarda"
)
_HINTS = {
    "en": frozenset(_ENGLISH.split(" ")),
    "de": frozenset(_GERMAN.split(" ")),
    "fr": frozenset(_FRENCH.split(" ")),
    "es": frozenset(_SPANISH.split(" ")),
}
_SIGNS = {"es": re.compile("[¿¡ñ]"), "de": re.compile("ß"), "fr": re.compile("[œçêèù]")}


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def language_of(text: str, *, otherwise: str = "en") -> str:
    """The two-letter code of a text's language; `otherwise` when it is too short to tell.

    Scripts decide first; statistics are asked only about texts long enough for them.
    """
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
    # Two or three words in plain Latin letters look like anything to statistics.
    enough = 0.999 if plain and len(letters) < 4 else 0.8
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
