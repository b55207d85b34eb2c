"""What the frame around the demo businesses says."""

from collections.abc import Mapping
from typing import Final

TEXTS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "switch": "Demo businesses",
        "all": "All demo businesses",
        "all_text": "Each is a business of its own: its knowledge, its procedures and its own small "
        "system in the background. The bot of one knows nothing of the others.",
        "missed": "This business is not open here.",
        "open": "Visit",
        "closed": "Not open yet. Open it with",
        "services": "What we do",
        "promises": "What you can count on",
        "you_are": "Who you could be",
        "try": "Try asking",
        "ask": "Ask us",
        "contact": "Contact",
        "behind": "Nothing here is real. Look behind the counter:",
        "demo": "is a demo business: nothing here is real. Look behind the counter:",
    },
    "zh": {
        "switch": "演示商家",
        "all": "全部演示商家",
        "all_text": "每一家都独立经营：有自己的知识库、办事流程和后台小系统。一家的机器人不知道另一家的事。",
        "missed": "这家演示商家还没有开张。",
        "open": "进去看看",
        "closed": "尚未开张，可用以下命令开张：",
        "services": "我们的服务",
        "promises": "您可以放心的是",
        "you_are": "您可以扮演",
        "try": "可以这样问",
        "ask": "问问我们",
        "contact": "联系方式",
        "behind": "这里的一切都不是真的。看看柜台后面：",
        "demo": "是演示商家，这里的一切都不是真的。看看柜台后面：",
    },
}
