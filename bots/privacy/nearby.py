"""Groups of digits, and the words beside them that say what they are."""

import re
from collections.abc import Iterator

BEFORE = 40  # characters in which a word speaks for the number that follows
_DIGITS = re.compile(r"\d+")
_RUN = re.compile(r"\d+(?:[ .\-/]{1,3}\d+)*+")

# Such a word right before a number says that it names a thing, not a person.
_THING = re.compile(
    r"(?<![a-z])(?:orders?|invoices?|tracking|tickets?|ref|references?|parcels?|shipments?|case|items?"
    r"|article|sku|serial|model|version|build|products?|booking|reservation)"
    r"(?:[ -]?(?:numbers?|no|nr|id))?(?![a-z])"
    r"|订单|单号|快递|运单|发票|编号|货号|型号|版本",
    re.IGNORECASE,
)


def words(pattern: str) -> re.Pattern[str]:
    """English (and other spaced) words as wholes; a part after `||` is searched as it stands."""
    spaced, _, unspaced = pattern.partition("||")
    whole = rf"(?<![a-zà-ÿ])(?:{spaced})(?![a-zà-ÿ])"
    return re.compile(f"{whole}|{unspaced}" if unspaced else whole, re.IGNORECASE)


def said_before(text: str, start: int, said: re.Pattern[str], *, within: int = BEFORE) -> int:
    """Where the last such word before `start` ends, or -1."""
    return max((m.end() for m in said.finditer(text, max(0, start - within), start)), default=-1)


def names_a_thing(text: str, start: int, *, since: int = -1) -> bool:
    """An order, an invoice …: said before the number, and after any word at `since`."""
    return said_before(text, start, _THING, within=24) >= max(since, 0)


def runs(text: str) -> Iterator[list[tuple[int, int]]]:
    """Runs of digits that belong together: the spans of their groups."""
    for run in _RUN.finditer(text):
        yield [group.span() for group in _DIGITS.finditer(text, *run.span())]


def digits_of(text: str) -> str:
    return "".join(_DIGITS.findall(text))
