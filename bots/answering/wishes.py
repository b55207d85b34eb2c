"""What a customer wants that no article answers: a person, a greeting, a word of thanks. Pure.

Wordings are drawn as patterns, in English and Chinese here, in German, French and Spanish in
`wishes_abroad`. They are narrow on purpose: what they miss still reaches a person when search finds nothing, but what they catch wrongly costs an answer.
"""

import re
from enum import StrEnum

from bots.answering import wishes_abroad as abroad
from bots.knowledge.text import has_words, normal


class Wish(StrEnum):
    HUMAN = "human"
    COMPLAINT = "complaint"
    GREETING = "greeting"
    THANKS = "thanks"
    GOODBYE = "goodbye"
    UNCLEAR = "unclear"
    ABOUT = "about_bot"  # who or what they are talking to, and what it can do
    CROSS = "cross"  # nothing but that it has had enough
    UNHELPED = "unhelped"  # by what the bot has just said


_KINDS = (
    r"(?:(?:real|live|actual|human|physical|living|proper|customer|support|service|sales|phone|bank|shop"
    r"|call cent(?:er|re)|care|help ?desk|senior|another|different|competent|qualified|the|an?|any|some"
    r"|your|one of|my|of|our)\s+)*"
)
_WHO = (
    _KINDS
    + r"(?:humans?(?: beings?)?|person|people|somebody|someone|anyone|anybody|(?:wo)?man|agents?"
    r"|representatives?|reps?|operators?|assistants?|advis[eo]rs?|staff(?: members?)?|employees?"
    r"|workers?|managers?|supervisors?|boss|specialists?|experts?|colleagues?|consultants?|clerks?"
    r"|associates?|customer (?:service|support|care)|support(?: team)?|service(?: team)?|help ?desk"
    r"|call cent(?:er|re)|team(?: members?)?|member of (?:staff|the team)|reception(?:ists?)?|front desk"
    r"|tellers?)\b"
)
_ONE = (
    _KINDS
    + r"(?:humans?(?: beings?)?|person|somebody|someone|agents?|representatives?|reps?|operators?"
    r"|assistants?|advis[eo]rs?|staff member|managers?|supervisors?|specialists?)\b"
)
_SURE = (
    r"(?:real|live|actual|human|physical|living)\s+"
    r"(?:humans?|person|people|someone|somebody|agents?|representatives?|reps?|operators?|advis[eo]rs?"
    r"|support|assistance|help|being|interaction|contact|service|chat)\b"
)
_TALK = (
    r"(?:talk(?:ing)?|speak(?:ing)?|chat(?:ting)?|converse|communicate|deal(?:ing)?"
    r"|discuss(?: \w+){0,3})(?:\s+\w+ly)?(?:\s+(?:to|with))?"
)
_GIVE = (
    r"(?:need|want|wanna|(?:would|i'd|'d) like|prefer|give me|get me|bring(?: me)?|find me|request|require"
    r"|send me|ask(?: for)?|call in|looking for|seeking)"
)
_WISH = (
    r"(?:want|need|like|can i|could i|may i|might i|let me|have to|got to|gotta|wanna|tr(?:y|ying) to"
    r"|help(?: me)?(?: to)?|possible|please|how (?:do|can|could|to)(?: i)?|know how|know (?:what|ho\w*)"
    r"(?: \w+){0,5})"
)
_ENGLISH = re.compile(
    "|".join(
        (
            rf"\b{_TALK}\s+{_WHO}",
            # Whoever it is, it is somebody: “I want to speak to the reception”.
            rf"\b{_WISH}\s+(?:to\s+)?(?:speak|talk|chat)(?:ing)?\s+(?:\w+\s+)?(?:to|with)\s+(?!my|our|you\b|me\b)",
            (
                rf"\b(?:connect|transfer|put|switch|redirect|direct|patch|pass|get|link|forward|route|hand)"
                rf"\s+(?:me|us|u)\s.{{0,16}}?(?:to|with|of)\s+{_WHO}"
            ),
            (
                rf"\b(?:connect(?:ed)?|escalate|transfer|switch|redirect|forward)\s+(?:this\s|it\s)?(?:to|with)\s+{_ONE}"
                rf"(?<!someone)(?<!somebody)(?<!person)"
            ),
            r"\b(?:get|have|bring|put)\b.{0,30}\bon the (?:line|phone)\b",
            rf"\bcontact(?:ing)?\s+(?:with\s+)?{_ONE}(?!\s+(?:number|details|id))",
            rf"\b{_GIVE}\s+(?:to\s+(?:have|get|see)\s+)?(?:an?\s+|some\s+|the\s+)?{_SURE}",
            (
                rf"\b{_GIVE}\s+(?:an?\s+|the\s+|your\s+)?"
                r"(?:human|operator|representative|live agent|agent|manager|supervisor)\b"
                r"(?!\s+(?:number|fee|id|code|commission|account))"
            ),
            (
                rf"\b(?:need|want|like|get|give me|request)\s+(?:\w+\s+){{0,3}}"
                rf"(?:help|assistance|support|assist\w*)\s+(?:from|of|by)\s+{_WHO}"
            ),
            (
                r"\b(?:can|could|may|would)\s+(?:someone|somebody|anyone|a human|a person|an agent"
                r"|a representative|your team)\s+(?:please\s+)?(?:call|contact|ring|phone|take over|talk|speak)\b"
            ),
            (
                r"\b(?:is|are) there (?:an?|any|some)\s*(?:real |live |actual |human )*"
                r"(?:human|person|people|agents?|representatives?|operators?|one|body|someone|anyone)\b"
                r".{0,30}(?:talk|speak|chat|help me|there|available)"
            ),
            (
                r"^(?:please |can you |could you |pls |just )*(?:call|ring|phone) me\W*"
                r"(?:$|back|now|asap|please|pls|today|tomorrow|later|on|at|after|before|\d)"
            ),
            r"\b(?:not|without|rather than)\b.{0,60}\bwith (?:a |this )?machine\b",
            r"(?:n'?t|\bnot)\b.{0,20}\b(?:comfortable|happy|trust\w*)\b.{0,60}\b(?:machine|(?:chat ?)?bot|computer|robot)\b",
            r"\b(?:transfer|put) me (?:over |through )?to (?:the |your )?\w{3,}",
        )
    )
)
_ALONE = re.compile(
    r"^(?:please|pls|hi|hello|hey|ok|okay|just|now|i said|a|an|the|to|my|get|\W)*"
    r"(?:(?:real|live|actual|human|customer|support|service|spa|sales|reception)\s+)*"
    r"(?:humans?|person|agents?|representatives?|reps?|operators?|someone|somebody|manager|supervisor|team"
    r"|customer (?:service|support|care)|live (?:chat|support|help)|human (?:help|support|being))"
    r"(?:\s+(?:please|pls|now|asap|thanks|needed|required))*\W*$"
)
_NOT_ENGLISH = re.compile(
    r"\b(?:don'?t|do not|didn'?t|did not|never)\s+(?:really\s+)?(?:want|need|wish|like|have|wanna)\b(?:\s+\w+){0,3}"
    r"\s+(?:talk|speak|chat|call|human|agent|person|representative|operator)"
    r"|\b(?:no need|without having|rather than having)\s+(?:\w+\s+){0,3}(?:talk|speak|chat|call|human|agent)"
    r"|\b(?:do|must|should|would)\s+i\s+(?:need|have)\s+to\s+(?:talk|speak|chat|contact)"
    r"|\b(?:am i|are you|is this|are we)\s+(?:\w+\s+){0,3}(?:talk|speak|chat|human|person|bot)"
    r"|\b(?:talk|speak|spoke|talked)\s+(?:to|with)\s+(?:my|our|his|her)\s"
    r"|\b(?:act|think|sound|talk|behave)\s+(?:\w+\s+){0,2}like\s"
)
_SAY_NO_BOT = re.compile(
    r"\b(?:not|no|hate|stop|(?:don'?t|do not) (?:want|like)|instead of|rather than|enough of|sick of"
    r"|tired of)\b(?! need).{0,40}\b(?:ro|chat)?bots?\b"
)

_CHINESE = re.compile(
    r"转\s*(?:接|到|给|去|至)?\s*(?:一下)?\s*(?:人工|真人|客服|专员|经理|主管)|转人工|转接"
    r"|人工\s*(?:客服|服务|坐席|座席|咨询|接听|帮助|在线|台|热线|处理)"
    r"|^\W*(?:我?要|我?想要?|请|麻烦|帮我?)?\s*(?:找|叫|接|换|来)?\W*(?:人工|真人|活人)\W*(?:谢谢|吧|啊|呢|了)?\W*$"
    r"|(?:要|找|叫|换|接|来|需要|联系|呼叫|请|有没有|有)\s*(?:一?[个位名]|一下|你们的?|你们)*\s*"
    r"(?:人工|真人|活人|客服|工作人员|专员|经理|主管|负责人|领导|接线员|话务员)(?!电话|热线|号码|时间|上班|邮箱|微信)"
    r"|(?:和|跟|与|同|找)\s*(?:一?个|你们的?|真正的)*\s*(?:人工|真人|活人|客服|工作人员|专员|经理|主管|人)"
    r"\s*.{0,4}(?:说|谈|聊|讲|沟通|通话|对话|交流|联系|解决|处理)"
    r"|(?:不要|别|不想|讨厌|不跟|不和).{0,6}(?:机器人|机器|智能客服|自动回复)"
    r"|(?:给我|请|能否|可以|麻烦).{0,6}(?:回个?电话|打个?电话给我|回电|来电)"
)
_NOT_CHINESE = re.compile(
    r"(?:不要|不用|不需要|无需|别|不想)\s*(?:再)?(?:给我)?\s*(?:转|找|叫|接|联系)?\s*(?:人工|真人|客服)"
    r"|人工(?:费|智能|成本|湖|草|制|合成|翻译|呼吸)"
)

_COMPLAINT = re.compile(
    r"\b(?:file|lodge|make|submit|raise|register|issue)\b.{0,30}\bcomplaints?\b(?!.{0,20}\?)"
    r"|\b(?:sue|report) (?:you|your (?:company|shop|store))\b|my lawyer|my solicitor|legal action"
    r"|take you to court|see you in court|small claims|trading standards|ombudsman"
    r"|(?:this|it|that) is (?:a )?(?:fraud|scam|theft)\b|you (?:scammed|robbed|cheated)"
    r"|投诉(?!电话|渠道|方式|流程|邮箱)|起诉|律师函?|法院见|举报你|12315|消协|消费者协会|曝光你"
)
# “How do I file a complaint?” asks for the way, and an article may know it.
_ABOUT_COMPLAINTS = re.compile(
    r"\b(?:how (?:do|can|could|would|to|should)|where (?:do|can|could|to)|what (?:is|do|are)|is (?:it possible|there)"
    r"|(?:can|could) (?:you|i|u)|help(?: me)? (?:to )?(?:file|make|lodge|submit|with)|know (?:how|where|what|more)"
    r"|information|info|assistance)\b.{0,60}\b(?:complaints?|claims?|reclamations?)\b|(?:怎么|如何|哪里).{0,6}投诉"
)
_ABUSE = re.compile(
    r"\b(?:fuck (?:you|off|this)|bullsh\w+|assholes?|idiots?|morons?|useless|go to hell|screw you"
    r"|stupid (?:bot|company|service|machine)|piece of (?:crap|garbage|trash|junk)|damn (?:bot|machine|you))\b"
    r"|他妈|妈的|垃圾(?:客服|机器人|公司|平台|服务)|傻[逼比叉b]|草泥马|滚蛋|智障|废物|去死"
)

_ENOUGH = re.compile(
    r"^\W*(?:(?:sorry|honestly|ok|well|but|and|no)\W+)*(?:(?:this|it|that)(?: (?:whole )?(?:thing|conversation|chat|bot|service))?"
    r"(?:'s| is| has been) (?:really |so |very |just |getting |becoming |a bit |quite |absolutely |totally )*"
    r"(?:frustrating|annoying|ridiculous|pointless|hopeless|unacceptable|going nowhere|a (?:joke|(?:total |complete )?waste of (?:my )?time))"
    r"|(?:this|the|your) (?:whole )?(?:thing|conversation|chat|(?:chat ?)?bot|assistant|system) (?:is|does|do|has)(?:n'?t| not)"
    r" (?:work(?:ing)?|help(?:ing|ful|ed)?|going anywhere|any (?:use|good|help))(?: (?:for me|me|at all|anymore|any more))*"
    r"|i(?:'m| am) (?:really |so |very |getting )*(?:frustrated|annoyed|fed up)(?: with (?:this|you|it))?)"
    r"(?: (?:now|really|honestly|at all))*\W*$"
)
_GREETING = re.compile(
    r"^(?:hi|hello|hey|hiya|howdy|yo|hola|greetings|good (?:morning|afternoon|evening|day)|morning|evening"
    r"|hi there|hello there|hey there|anyone (?:here|there)|is anyone (?:here|there)|how are you(?: doing)?"
    r"|how'?s it going|what'?s up|你好|您好|嗨|哈喽|哈啰|哈罗|喂|早|早上好|上午好|中午好|下午好|晚上好|在吗|在么|在不在"
    r"|有人吗|有人在吗|亲|你好啊|您好啊|hallo|bonjour|salut|ciao|namaste|[\s,.!?~，。！？、👋🙂😊])+$"
)
_THANKS = re.compile(
    r"^(?:ok(?:ay)?|great|perfect|cool|awesome|nice|good|got it|that helps?|(?:no\W+(?=that))?that(?:'?s| is| was| will be)"
    r" (?:great|all|perfect|it|everything)(?: (?:i (?:needed|wanted)|for (?:now|today)))?|nothing (?:else|more)"
    r"|many|so much|very much|a lot|lots|for (?:your|the) help|for that|for helping|you|that|is|was|helpful"
    r"|thank(?:s| you| u)?|thx|ty|cheers|much appreciated|appreciate it|appreciated|brilliant|wonderful|super"
    r"|(?:我)?没有?(?:别的|其他)?(?:问题|事)?了|就这些了?|谢谢|多谢|感谢|谢了|谢|好的|好|明白了?|知道了|收到|太好了|非常|你|您|的帮助|啦|了|哦|嗯|merci|gracias|danke"
    r"|[\s,.!?~，。！？、👍🙏😊🙂])+$"
)
_GOODBYE = re.compile(
    r"^(?:ok(?:ay)?|good ?bye|bye+|bye bye|see (?:you|ya)(?: later)?|later|take care|have a (?:nice|good|great) "
    r"(?:day|one|evening|weekend)|good night|再见|拜拜|拜|晚安|回见|下次见|thanks|thank you|谢谢|[\s,.!?~，。！？])+$"
)
_ABOUT = re.compile(
    r"^\W*(?:(?:hi|hello|hey|ok|so|wait|sorry|please|excuse me|and|but|tell me)\W+)*(?:(?:are|r) (?:you|u)|is (?:this|it|that)|you(?:'re| are)|am i"
    r" (?:talking|speaking|chatting|writing)(?: (?:to|with))?|do i (?:talk|speak|chat)(?: (?:to|with))?)\s+(?:really |actually |just |only |not )*(?:an? |the )?"
    r"(?:real |actual |live |human |automated |virtual |artificial )*(?:(?:chat ?|ro)?bot|robot|human(?: being)?|person|machine|computer|ai|assistant|intelligence"
    r"|program|automated|real|chatgpt|gpt)\b(?: (?:or|and) (?:an? |the )?(?:real |actual |live |human )*(?:(?:chat ?|ro)?bot|robot|human(?: being)?|person|machine|computer"
    r"|ai|real))?(?: (?:here|now|there|right now))?\W*$"
    r"|^\W*(?:hi|hello|hey|ok|so|and|\W)*(?:who|what) (?:are you|am i (?:talking|speaking|chatting) (?:to|with))(?: exactly| anyway)?\W*$"
    r"|^\W*(?:what(?:'s| is) your name|do you have a name|who (?:made|built|created|programmed) you)\W*$"
    r"|^\W*(?:so |and |ok |well )*(?:what (?:can|do|could) you (?:do|help(?: me)? with|know|answer)(?: for (?:me|us))?|how can you help(?: me)?"
    r"|what (?:kind of )?(?:questions|things) can (?:i ask(?: you)?|you (?:answer|do))|what can i ask(?: you)?|how do you work)\W*$"
    r"|^\W*(?:请问|那|喂|你好|您好)?\W*(?:你|您|这|这里|对面|我在跟|我是在和)\s*(?:到底|究竟|真的)?\s*(?:是不是|是|算)\s*(?:一个|个)?\s*"
    r"(?:谁|什么|机器人|真人|人工|人类|人|活人|智能客服|ai|电脑|程序|机器|自动回复)(?:还是\s*(?:机器人|真人|人工|人|机器))?\s*(?:吗|么|嘛|啊|呀|吧|呢)?\W*$"
    r"|^\W*(?:你|您)(?:叫什么(?:名字)?|能(?:做|干|帮我做|帮我)(?:些)?什么|会(?:做|干)?(?:些)?什么|可以(?:做|帮我做)?(?:些)?什么|有(?:什么|哪些)功能)(?:呢|呀|啊|吗)?\W*$"
)
_REPEATED = re.compile(r"^(.{1,3}?)\1{3,}$")
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def wish_of(text: str) -> Wish | None:
    """The wish a text plainly states, or None: then it is a question for the articles."""
    said = " ".join(normal(text).replace("’", "'").split())
    asks_how = _ABOUT_COMPLAINTS.search(said) and not _ABUSE.search(said)
    complains = (_COMPLAINT.search(said) and not asks_how) or (
        (_ABUSE.search(said) or abroad.COMPLAINT.search(said)) and not re.search("[?？]", said)
    )
    for holds, wish in (
        (wants_person(said), Wish.HUMAN),
        (_ABOUT.match(said) or abroad.ABOUT.search(said), Wish.ABOUT),
        (complains, Wish.COMPLAINT),
        (_ENOUGH.match(said), Wish.CROSS),
        (is_unclear(said), Wish.UNCLEAR),
        (_GREETING.match(said) or abroad.GREETING.match(said), Wish.GREETING),
        (_THANKS.match(said) or abroad.THANKS.match(said), Wish.THANKS),
        (_GOODBYE.match(said) or abroad.GOODBYE.match(said), Wish.GOODBYE),
    ):
        if holds:
            return wish
    return None


def wants_person(said: str) -> bool:
    """An explicit request for a human being. `said` is folded text."""
    if _NOT_CHINESE.search(said):
        return False
    if _CHINESE.search(said) or abroad.HUMAN.search(said):
        return True
    if _SAY_NO_BOT.search(said):
        return True
    if _NOT_ENGLISH.search(said):
        return False
    return bool(_ENGLISH.search(said) or _ALONE.match(said))


def is_unclear(said: str) -> bool:
    """Nothing to understand: no words, only digits, one key held down, a hand across the keyboard."""
    if not has_words(said):
        return not any(sign in said for sign in "👋👍🙏😊🙂")
    letters = "".join(c for c in said if c.isalnum())
    if letters.isdigit() or _REPEATED.match(letters):
        return True
    return len(letters) >= 5 and any(letters in row or letters in row[::-1] for row in _ROWS)
