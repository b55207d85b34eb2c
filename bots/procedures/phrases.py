"""What the bot says in a procedure that its file does not: in English and Chinese."""

_PHRASES = {
    "yes": {"en": "Yes", "zh": "是"},
    "no": {"en": "No", "zh": "否"},
    "skip": {"en": "Skip", "zh": "跳过"},
    "cancelled": {
        "en": "All right, I've stopped here. Nothing more is done.",
        "zh": "好的，已经停下，不再继续操作。",
    },
    "declined": {"en": "All right, I haven't done it.", "zh": "好的，没有执行。"},
    "again": {"en": "Sorry, I didn't understand that.", "zh": "抱歉，我没有看懂。"},
    "not_valid": {"en": "Sorry, that isn't possible here.", "zh": "抱歉，这个不符合要求。"},
    "no_answer": {
        "en": "I can't say for sure; a colleague can tell you afterwards.",
        "zh": "这个问题我不能确定，稍后可以请同事解答。",
    },
    "not_now": {
        "en": "I can't find the answer to that quickly enough right now. Please ask me again in a moment; let's go on meanwhile.",
        "zh": "这个问题我现在没能及时查到，请稍后再问一次，我们先继续办理。",
    },
    "please_say": {
        "en": "Please say yes or no, or tell me what is to be changed.",
        "zh": "请回答“是”或“否”，或者告诉我要改什么。",
    },
    "changed": {"en": "All right, changed.", "zh": "好的，已更改。"},
    "please_wait": {"en": "Of course, take your time.", "zh": "没关系，您慢慢来。"},
    "failed": {
        "en": "I'm sorry, that doesn't work at the moment. A colleague will help you with it.",
        "zh": "抱歉，系统暂时无法处理，将由同事为您继续办理。",
    },
    "unknown": {
        "en": "I can't see whether that went through, so I won't try again. A colleague will check it.",
        "zh": "暂时无法确认是否已办理成功，为避免重复操作，将由同事为您核实。",
    },
    "after": {
        "en": "That has already been done, so a colleague will change it for you.",
        "zh": "操作已经完成，需要由同事为您更改。",
    },
    "misunderstood": {
        "en": "I'm sorry, I don't get any further. A colleague will go on with you.",
        "zh": "抱歉，我没能理解，将由同事继续为您服务。",
    },
    "person": {"en": "Talk to a person", "zh": "转人工"},
    "offer": {
        "en": "I can do this for you: {options}. Shall I?",
        "zh": "我可以为您办理：{options}。现在开始吗？",
    },
    "which": {"en": "What is it about: {options}?", "zh": "请问您要办理的是：{options}？"},
}


def phrase(name: str, language: str, **values: str) -> str:
    """In the language of the conversation, else in English."""
    texts = _PHRASES[name]
    return texts.get(language.split("-", maxsplit=1)[0].lower(), texts["en"]).format(**values)
