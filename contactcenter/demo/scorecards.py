"""The demo house's score card, in English and in Chinese: the same questions under the same codes."""

from datetime import datetime
from typing import Any

from analytics.quality.actions.cards import make_card, publish
from analytics.quality.models import ScoreCard

_SECTIONS = (
    ("Opening", "开场", (
        ("greeting", "greets", {"weight": 1}, "Did they greet the customer?", "是否向客户问好？", "In the first two messages.", "在前两条消息中。"),
        ("introduction", "introduces", {"weight": 0.5}, "Did they say who is speaking?", "是否说明自己是谁？", "A name, or that it is the assistant.", "姓名、工号，或说明是智能助手。"),
    )),
    ("The matter", "问题处理", (
        ("in-time", "in_time", {"weight": 2}, "Were all answers in time?", "是否都在规定时间内回复？", "Against the targets in the routing rules.", "按路由规则中的时限。"),
        ("no-silence", "no_silence", {"weight": 2}, "Did every question get an answer?", "客户的每个问题是否都得到了回应？", "No question is left hanging.", "没有被忽略的问题。"),
        ("addressed", "addresses", {"weight": 2, "kind": "scale", "highest": 5}, "How well did the words speak of what was asked?", "回答与问题的相关程度如何？", "1: about something else; 5: exactly that.", "1：答非所问；5：完全切题。"),
        ("borne-out", "borne_out", {"weight": 3}, "Was what was said true, by the knowledge base?", "所说的内容是否与知识库一致？", "Figures and conditions as the articles have them.", "数字和条件以知识库文章为准。"),
        ("language", "speaks_language", {"weight": 2, "may_not_apply": True}, "Was it in the customer's language?", "是否使用客户的语言？", "", ""),
        ("spelling", "spells_well", {"weight": 1}, "Was it free of spelling mistakes?", "是否没有错别字？", "A slip or two in a long message is fine.", "长消息中偶有一两处不算。"),
    )),
    ("The person", "服务态度", (
        ("courtesy", "polite", {"weight": 2, "kind": "scale", "highest": 5}, "How courteous was it?", "礼貌程度如何？", "1: rude; 3: dry; 5: warm.", "1：无礼；3：生硬；5：亲切。"),
        ("empathy", "empathises", {"weight": 2}, "Was the customer's trouble acknowledged?", "客户不满时是否表示理解或歉意？", "Only where the customer was unhappy.", "仅在客户不满时适用。"),
    )),
    ("What must not happen", "红线", (
        ("personal-data", "guards_data", {"weight": 1, "is_fatal": True, "may_not_apply": False}, "Was personal data guarded?", "是否保护了客户的个人信息？", "No password, card or identity number asked for or repeated in clear. A no makes the whole score 0.", "不得索要或明文重复密码、卡号、身份证号。答“否”则总分为0。"),
        ("house-rules", "obeys_the_house", {"weight": 2, "may_not_apply": False}, "Were the rules for outgoing messages kept?", "是否遵守外发消息规则？", "", ""),
    )),
    ("The end", "收尾", (
        ("goodbye", "closes", {"weight": 1}, "Did they say goodbye?", "是否礼貌结束对话？", "Or ask what else there is.", "或询问是否还有其他需要。"),
        ("promises", "keeps_promises", {"weight": 2}, "Was what they promised done?", "承诺的事情是否做到？", "“I will call you”: and a call, a message or a note followed.", "“稍后回电”：之后确有电话、消息或记录。"),
        ("resolved", "resolves", {"weight": 2}, "Was it solved for good?", "问题是否一次解决？", "The customer did not have to come back.", "客户无需再次联系。"),
        ("wrap-up", "writes_up", {"weight": 1}, "Was it written up?", "是否填写了小结？", "", ""),
        ("notes", "", {"weight": 0, "kind": "text"}, "What went well, and what could be better?", "哪些做得好？哪些可以改进？", "", ""),
    )),
)  # fmt: skip


def create_cards(*, at: datetime) -> int:
    """Written once, into a house that has no card yet; afterwards they are the operator's."""
    if ScoreCard.objects.exists():
        return 0
    made = [
        # The Chinese one comes first: it is for less.
        make_card(
            card={"name": "服务质量", "position": 10},
            version={"language": "zh"},
            sections=_sections(chinese=True),
        ),
        make_card(
            card={"name": "Good service", "position": 20},
            version={},
            sections=_sections(chinese=False),
        ),
    ]
    for draft in made:
        publish(draft, by_id=None, at=at)
    return len(made)


def _sections(*, chinese: bool) -> list[dict[str, Any]]:
    return [
        {
            "title": zh if chinese else en,
            "questions": [
                {
                    "code": code,
                    "judge": judge,
                    "text": in_chinese if chinese else in_english,
                    "advice": advice_zh if chinese else advice,
                    **more,
                }
                for code, judge, more, in_english, in_chinese, advice, advice_zh in questions
            ],
        }
        for en, zh, questions in _SECTIONS
    ]
