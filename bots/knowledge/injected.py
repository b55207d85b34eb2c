"""Sentences in an article that speak to a machine instead of its readers. Pure.

Somebody may have written into an imported page “ignore all previous instructions”. The model could not
obey, but no customer shall read it either. Narrow on purpose: an article may well say “reply with STOP”.
"""

import re

from bots.privacy.folding import fold

_ITS_RULES = (
    r"(?:instructions?|prompts?|rules|guidelines|directives|commands|directions|programming|training"
    r"|context|safety (?:rules|measures|protocols))"
)
_ORDERS = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass|neglect|overlook|discard)\b[^.!?\n]{0,40}?"
    r"\b(?:previous|prior|above|earlier|preceding|former|foregoing|all|any|every|your|system|original|initial)\b"
    rf"[^.!?\n]{{0,30}}?\b{_ITS_RULES}\b"
    r"|\b(?:ignore|forget|disregard) (?:everything|all|anything)(?: (?:that|you|i|we|was|is|has))*"
    r" (?:above|before|previous|prior|been told|were told|said before)"
    rf"|\b(?:reveal|print|repeat|show|output|leak|disclose|display)\b[^.!?\n]{{0,25}}\b(?:your|the) "
    rf"(?:(?:system|hidden|secret|initial|original|full) )*{_ITS_RULES}\b(?! (?:for|of|on|in|at|that|which|below))"
    r"|\bsystem prompt\b|\b(?:new|updated|real) (?:system )?instructions? ?:"
    r"|\byou are (?:now|no longer) (?:an? )?(?:\w+ ){0,3}(?:ai|bot|chatbot|assistant|model|dan|jailbroken|unrestricted)\b"
    r"|\b(?:as|to|dear|attention|hey|note to|message to)(?: all| the| any| an?)? (?:ai|llm|language model|chatbot)s?\b"
    r"(?: (?:assistant|model)s?)?(?: reading| processing|,|:)"
    r"|\b(?:answer|reply|respond)(?: only| just)* (?:only|just|exactly|solely) (?:with|by saying)(?: the)?(?: words?| phrase| text)?\b"
    r"|</?(?:system|instructions?|admin)>|\[(?:system|admin)\]"
    r"|(?:忽略|无视|忘记|忘掉|不要理会).{0,8}(?:之前|以上|上面|前面|先前|所有|一切|原来|系统).{0,8}(?:指令|指示|提示|规则|要求|设定|命令|内容)"
    r"|系统提示词|你现在(?:是|扮演)",
    re.IGNORECASE,
)


def speaks_to_a_machine(sentence: str) -> bool:
    return bool(_ORDERS.search(fold(sentence).text))
