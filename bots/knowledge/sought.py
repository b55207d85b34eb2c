"""What kind of answer a question asks for: a price, or a time it takes. Pure.

Only kinds that show in a sentence by themselves; of all other questions nothing is known.
"""

import re

_MONEY = re.compile(
    r"[€$£¥]|\b\d[\d.,]*\s?(?:eur(?:os?)?|usd|dollars?|pounds?|gbp|chf)\b|\d\s?(?:%|元|欧元|美元|块)",
    re.IGNORECASE,
)
_UNIT = (
    r"(?:(?:working|business|calendar) )?(?:minutes?|hours?|days?|weeks?|months?|years?)"
    r"|(?:Werk|Arbeits)?[Tt]age?n?|Stunden?|Wochen?|Monate?n?|Jahre?n?"
    r"|jours?(?: ouvr(?:és|ables))?|heures?|semaines?|mois|ans?"
    r"|d[ií]as?(?: (?:laborables|hábiles))?|horas?|semanas?|mes(?:es)?|años?"
)
_NUMBER = r"(?:\d+(?:\s?[-–]\s?\d+)?|an?|one|two|three|five|ten|twelve|einen?|zwei|drei|une?|deux|trois|una?|dos|tres)"
_TIME = re.compile(
    rf"\b{_NUMBER} (?:{_UNIT})\b|[\d一二两三四五六七八九十]\s?(?:个)?(?:工作日|自然日|天|小时|分钟|周|星期|个?月|年)|当天|次日",
    re.IGNORECASE,
)
_ASKED: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    (
        re.compile(
            r"\bhow much (?:is|are|do|does|did|will|would|for|to)\b|\bhow expensive\b"
            r"|\bwhat(?:'s| is| are| do| does| will)?\b.{0,40}\b(?:prices?|costs?|fees?|charges?)\b|^\W*(?:price|cost|fee)s?\b"
            r"|\b(?:was|wie ?viel) kostet\b|\bcombien (?:coûte|ça coûte|est-ce)|\bcuánto (?:cuesta|vale)"
            r"|多少钱|多少欧|什么价|价格|费用(?:是|多)|运费(?:是|多|怎)|收费",
            re.IGNORECASE,
        ),
        _MONEY,
    ),
    (
        re.compile(
            r"\bhow (?:long|soon|fast|quick(?:ly)?|many (?:\w+ )?(?:days|weeks|hours|months))\b|\bdelivery time"
            r"|\bwie (?:lange|schnell|viele (?:Tage|Wochen))\b|\bcombien de (?:temps|jours)|\bcuánto (?:tiempo|tarda)|\bcuántos días"
            r"|几天|多少天|多久|多长时间|几个?(?:小时|工作日|星期|月)",
            re.IGNORECASE,
        ),
        _TIME,
    ),
)


def sought(question: str) -> re.Pattern[str] | None:
    """What a sentence that answers this has in it; None when nothing is known."""
    for asked, answers in _ASKED:
        if asked.search(question):
            return answers
    return None
