"""The bot's own sentences, in the customer's language; articles say everything else."""

_PHRASES = {
    "one_of": {
        "en": "I found more than one article that may help. Is it about {options}?",
        "zh": "我找到几篇可能有用的文章，您是想了解{options}吗？",
    },
    "comma": {"en": ", ", "zh": "、"},
    "or": {"en": " or ", "zh": "还是"},
    "greeting": {
        "en": "Hello! What can I help you with?",
        "zh": "您好！请问有什么可以帮您？",
    },
    "thanks": {
        "en": "You're welcome! Is there anything else I can help you with?",
        "zh": "不客气！还有什么可以帮您的吗？",
    },
    "did_it_help": {
        "en": "Did that help you? If anything is still open, just write it here.",
        "zh": "这样解决您的问题了吗？如果还有疑问，请直接在这里留言。",
    },
    "closing": {
        "en": "I'm closing our conversation for now. Write again whenever you like.",
        "zh": "本次对话先到这里，您可以随时再来留言。",
    },
    "goodbye": {"en": "Thank you for writing. Goodbye!", "zh": "感谢您的咨询，再见！"},
    "unclear": {
        "en": "Sorry, I didn't understand that. Could you tell me in a few words what you need?",
        "zh": "抱歉，我没有看懂。能用几句话说说您需要什么吗？",
    },
    "asked": {
        "en": "Of course. I'm asking a colleague to help you.",
        "zh": "好的，正在请同事来帮您。",
    },
    "complaint": {
        "en": "I'm sorry about that. I'm asking a colleague to look at it with you.",
        "zh": "非常抱歉给您带来不便，正在请同事来为您处理。",
    },
    "unsure": {
        "en": "I'm not sure about this one, so I'm asking a colleague to help you.",
        "zh": "这个问题我没有把握，正在请同事来帮您。",
    },
}


def phrase(name: str, language: str, **values: str) -> str:
    """The sentence in the language of the conversation, else in English."""
    texts = _PHRASES[name]
    return texts.get(language.lower().split("-")[0], texts["en"]).format(**values)
