"""The few sentences that the house itself says to customers, in their language."""

from datetime import datetime

from django.utils.dateformat import format as date_format
from django.utils.translation import override

_PHRASES = {
    "handoff_asked": {
        "en": "I'm asking a colleague to join. You can keep writing; they will see everything.",
        "zh": "正在为您转接人工客服。您可以继续留言，同事会看到全部内容。",
    },
    "handoff_unsure": {
        "en": "I'm not sure about this one, so I'm asking a colleague to help you.",
        "zh": "这个问题我没有把握，正在请同事来帮您。",
    },
    "handoff_sorry": {
        "en": "I'm sorry about this. I'm asking a colleague to take care of it.",
        "zh": "非常抱歉，我这就请同事来为您处理。",
    },
    "handoff_part": {
        "en": "A colleague has to look at the rest, so I'm asking one to join.",
        "zh": "其余部分需要由同事来处理，正在为您转接。",
    },
    "handoff_silent": {
        "en": "A colleague will have a look at your question, too.",
        "zh": "同事也会再看一下您的问题。",
    },
    "handoff_failed": {
        "en": "I can't answer right now, so I'm asking a colleague to help you.",
        "zh": "我暂时无法回答，正在请同事来帮您。",
    },
    "handoff_no_bot": {
        "en": "Thank you for your message. A colleague will be with you soon.",
        "zh": "感谢您的留言，同事很快会回复您。",
    },
    "handoff_transferred": {
        "en": "You are being passed on to a colleague who can help.",
        "zh": "正在为您转接到合适的同事。",
    },
    # Before `nobody_here`, in the same message: why a person was wanted.
    "wanted_unsure": {
        "en": "I'm not sure about this one; a colleague has to look at it.",
        "zh": "这个问题我没有把握，需要由同事来处理。",
    },
    "wanted_sorry": {
        "en": "I'm sorry about this; a colleague has to look at it.",
        "zh": "非常抱歉，需要由同事来处理。",
    },
    "wanted_part": {
        "en": "A colleague has to look at the rest.",
        "zh": "其余部分需要由同事来处理。",
    },
    "wanted_failed": {
        "en": "I can't answer right now; a colleague has to look at it.",
        "zh": "我暂时无法回答，需要由同事来处理。",
    },
    "nobody_here": {
        "en": "Nobody is available at the moment. What you wrote is kept, and somebody answers it "
        "here {when}.",
        "zh": "目前没有同事在线。您的留言已保存，{when}会在这里回复您。",
    },
    "when_back": {"en": "as soon as they are back", "zh": "同事上线后"},
    "when_open": {"en": "when we are open again: {moment}", "zh": "我们开始营业后（{moment}）"},
    "leave_email": {
        "en": "You need not wait: write your e-mail address here, or leave a phone number and we "
        "call you back.",
        "zh": "您不必一直等待：可以在这里写下您的邮箱，或留下电话，我们会回电。",
    },
    "known_email": {
        "en": "You need not wait: we also reach you at {email}, or leave a phone number and we call "
        "you back.",
        "zh": "您不必一直等待：我们也会通过 {email} 联系您；您也可以留下电话，我们会回电。",
    },
    "nobody_yet": {
        "en": "Thank you, we keep that too. Still nobody is available; somebody reads all of it "
        "and answers {when}.",
        "zh": "谢谢，我们也记下了。目前仍没有同事在线，{when}会查看全部内容并回复您。",
    },
    "email_kept": {
        "en": "Thank you, we have noted {email}. Whoever answers also reaches you there.",
        "zh": "谢谢，我们已记下 {email}，回复您的同事也会通过邮箱联系您。",
    },
    "queue_full": {
        "en": "All our colleagues are busy and many people are waiting. "
        "Leave a phone number and we call you back, or try again a little later.",
        "zh": "目前同事都在忙，排队的人也很多。您可以留下电话，我们会回电，或稍后再试。",
    },
    "waited_too_long": {
        "en": "We are sorry: nobody could take your conversation. Write again whenever you like.",
        "zh": "很抱歉，暂时没有同事能接待您。您可以随时再次留言。",
    },
    "offer_a_call": {
        "en": "It takes longer than it should. You can leave a phone number and we call you back; "
        "you keep your place in line meanwhile.",
        "zh": "等待时间比预期更长。您可以留下电话，我们会回电；同时为您保留排队位置。",
    },
    "wait_longer": {
        "en": "It takes a little longer than we said: about {least}–{most} minutes.",
        "zh": "等待时间比之前说的稍长：大约 {least}–{most} 分钟。",
    },
    "wait_longer_about": {
        "en": "It takes a little longer than we said: about {most} min.",
        "zh": "等待时间比之前说的稍长：大约 {most} 分钟。",
    },
    "wait_unknown": {
        "en": "It takes longer than we said, and we can't say how long. Your place is kept.",
        "zh": "等待时间比之前说的更长，暂时无法估计。您的排队位置会保留。",
    },
    "on_hold": {
        "en": "One moment please, your agent is looking something up.",
        "zh": "请稍等，客服正在为您查询。",
    },
    "taken_back": {
        "en": "This takes too long. We are asking another colleague; you are first in line.",
        "zh": "让您久等了，我们正在请另一位同事接待您，您排在最前面。",
    },
    "agent_joined": {"en": "{name} has joined the conversation.", "zh": "{name} 已加入对话。"},
    "agent_gone": {
        "en": "Your agent is no longer here. You are first in line for the next one.",
        "zh": "客服已离线，已为您优先安排下一位客服。",
    },
    "resolved": {"en": "This conversation was closed.", "zh": "本次对话已结束。"},
    "callback": {
        "en": "Thank you. We will call {phone}{when}.",
        "zh": "谢谢，我们会拨打 {phone}{when}。",
    },
    "call_not_needed": {
        "en": "You are being helped here, so we will not call {phone} as well. "
        "Ask again if you still want a call.",
        "zh": "客服已在这里为您服务，因此不再拨打 {phone}。如仍需回电，请再次预约。",
    },
    "call_called_off": {
        "en": "We will not call {phone} after all. Ask again if you still want a call.",
        "zh": "原定拨打 {phone} 的回电已取消。如仍需回电，请再次预约。",
    },
    "call_missed": {
        "en": "We could not reach you at {phone}. Write to us here, or ask for another call.",
        "zh": "我们未能通过 {phone} 联系到您。您可以在这里留言，或再次预约回电。",
    },
    "with_bot": {
        "en": "You are talking to the assistant again.",
        "zh": "现在由智能助手为您服务。",
    },
}


def joined(*sentences: str) -> str:
    """One after the other; where a sentence ends as Chinese ones do, without a space."""
    said = ""
    for one in sentences:
        said += one if not said or said.endswith(("。", "！", "？")) else f" {one}" if one else ""
    return said


def is_phrase(sentence: str) -> bool:
    return sentence in _PHRASES


# How each language writes a day and a time, in Django's letters.
_MOMENTS = {"en": ("en", "l, j F, H:i"), "zh": ("zh-hans", "n月j日l H:i")}


def day_and_time(moment: datetime, language: str) -> str:
    """Such as "Monday, 4 May, 09:00 CEST", in the time zone that the moment has."""
    code, form = _MOMENTS.get(language.lower().split("-")[0], _MOMENTS["en"])
    with override(code):
        return f"{date_format(moment, form)} {moment:%Z}"


def phrase(sentence: str, language: str, /, **values: str) -> str:
    """The sentence in the conversation's language, else in English."""
    texts = _PHRASES[sentence]
    text = texts.get(language.lower().split("-")[0], texts["en"])
    return text.format(**values) if values else text
