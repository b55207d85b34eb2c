"""Bytes → text, whatever wrote them: Unicode with or without a mark, else the encoding that fits."""

import codecs
import re
import unicodedata

from charset_normalizer import from_bytes

from bots.sources.kinds import TEXT_LIMIT, Unreadable

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What spreadsheets and old sites of our customers' languages write, in the order they are tried.
_LEGACY = ["gb18030", "big5", "shift_jis", "euc_kr", "cp1252", "cp1251"]
_COMMON_HAN = frozenset(
    "的一是不了在有人我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里如家多然用退货款订单送付客服电话请问什么怎"
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\ufeff\ud800-\udfff]")
_WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
_SAMPLE = 100_000


def encoding_of(content: bytes) -> str:
    """The encoding in which these bytes are a text. Raises Unreadable."""
    for mark, name in _MARKS:
        if content.startswith(mark):
            return name
    if b"\0" in content[:_SAMPLE]:
        return _wide(content)
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return _legacy(content)
    return "utf-8"


def decoded(content: bytes) -> str:
    """With one kind of line end and without what no page shows. Raises Unreadable."""
    try:
        text = content.decode(encoding_of(content))
    except UnicodeDecodeError:
        raise Unreadable("Its characters can't be read; save it in UTF-8.") from None
    return cleaned(text)


def cleaned(text: str) -> str:
    """Raises Unreadable when it is longer than a file of articles may be."""
    if len(text) > TEXT_LIMIT:
        raise Unreadable(f"It holds more than {TEXT_LIMIT:,} characters.")
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ")
    return unicodedata.normalize("NFC", _CONTROL.sub("", plain))


def _wide(content: bytes) -> str:
    """UTF-16 without a mark: in a text, one half of most characters or of all line ends is zero."""
    sample = content[: _SAMPLE // 2 * 2]
    for name, line_end in (("utf-16-le", b"\n\0"), ("utf-16-be", b"\0\n")):
        places = [at for at in range(0, len(sample) - 1, 2) if sample[at : at + 2] == line_end]
        try:
            text = sample.decode(name, errors="strict" if len(content) <= _SAMPLE else "ignore")
        except UnicodeDecodeError:
            continue
        odd = sum(unicodedata.category(c) in {"Cn", "Co", "Cc"} and c not in "\n\r\t" for c in text)
        if (places or len(text) < 200) and odd * 50 <= len(text):
            return name
    raise Unreadable("This is no text: it holds binary data.")


def _legacy(content: bytes) -> str:
    sample = content[:_SAMPLE]
    try:
        text = sample.decode("gb18030", errors="strict" if len(content) <= _SAMPLE else "ignore")
    except UnicodeDecodeError:
        text = ""
    han = [c for c in text if "\u4e00" <= c <= "\u9fff"]
    # In Chinese every tenth character is one of a handful; in a wrong guess they are rare ones.
    if han and sum(c in _COMMON_HAN for c in han) * 12 >= len(han):
        return "gb18030"
    best = from_bytes(sample, cp_isolation=_LEGACY).best()
    if best is None:
        raise Unreadable("Its characters can't be read; save it in UTF-8.")
    return best.encoding


def joined(before: str, text: str) -> str:
    """Two lines of one paragraph: a hyphen at the end was the printer's, Chinese has no spaces."""
    if before.endswith("-") and before[-2:-1].isalpha() and text[:1].islower():
        return before[:-1] + text
    if _WIDE.match(before[-1:]) and _WIDE.match(text[:1]):
        return before + text
    return f"{before} {text}"
