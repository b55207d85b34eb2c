"""What the survey's page and letter say to customers, in their language."""

_WORDS = {
    "en": {
        "send": "Send",
        "thanks": "Thank you. It helps us to get better.",
        "change": "Change the answers",
        "over": "This survey is over.",
        "unknown": "There is no survey at this address.",
        "missing": "Please answer what is marked, and send it again.",
        "required": "needed",
        "yes": "Yes",
        "no": "No",
        "csat": ("Very bad", "Bad", "Okay", "Good", "Very good"),
        "nps": ("Not at all likely", "Very likely"),
        "ces": ("Do not agree at all", "Agree fully"),
        "scale": ("1: not at all", "5: fully"),
        "subject": "How did we do?",
        "hello": "Hello,",
        "letter": "you talked to us at {house} a short while ago. Would you tell us how it was? "
        "It takes less than a minute:",
        "until": "The link works until {day}.",
        "stop_line": "If you don't want such letters:",
        "stop": "Send me no such letters",
        "stopped": "We will send no more of these letters to this address.",
    },
    "zh": {
        "send": "提交",
        "thanks": "谢谢您的评价，这对我们很有帮助。",
        "change": "修改回答",
        "over": "本次问卷已结束。",
        "unknown": "此地址没有问卷。",
        "missing": "请回答标出的问题后再提交。",
        "required": "必答",
        "yes": "是",
        "no": "否",
        "csat": ("非常不满意", "不满意", "一般", "满意", "非常满意"),
        "nps": ("完全不可能", "非常可能"),
        "ces": ("完全不同意", "完全同意"),
        "scale": ("1：完全没有", "5：完全如此"),
        "subject": "您对本次服务满意吗？",
        "hello": "您好！",
        "letter": "您刚才在{house}联系过我们。能告诉我们您的感受吗？不到一分钟即可完成：",
        "until": "链接有效期至{day}。",
        "stop_line": "如果您不想再收到这类邮件：",
        "stop": "不再给我发这类邮件",
        "stopped": "我们不会再向此邮箱发送这类邮件。",
    },
}
RIGHT_TO_LEFT = frozenset({"ar", "he", "fa", "ur"})


def words_in(language: str) -> dict[str, object]:
    """All of it in this language, else in English."""
    return dict(_WORDS.get(language.lower().split("-")[0], _WORDS["en"]))


def said(language: str, key: str, **values: str) -> str:
    text = words_in(language)[key]
    assert isinstance(text, str), key
    return text.format(**values) if values else text
