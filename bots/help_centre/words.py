"""What the help centre's pages say around the articles, in the languages of our readers. Pure."""

from collections.abc import Mapping
from typing import Final

_ENGLISH: Final[Mapping[str, str]] = {
    "help": "Help centre",
    "ask": "How can we help?",
    "search": "Search",
    "search_label": "Search the help centre",
    "placeholder": "Ask or search",
    "searching": "Searching …",
    "found_one": "1 article",
    "found_many": "{count} articles",
    "all_results": "All results",
    "results": "Results for “{words}”",
    "nothing": "Nothing was found. Try other words, or ask us in the chat.",
    "slower": "Too many searches at once. Wait a moment, then try again.",
    "no_articles": "There are no articles yet.",
    "general": "General",
    "all_in": "All {count} articles",
    "all_articles": "All articles",
    "categories": "Categories",
    "back": "Back",
    "here": "You are here",
    "pages": "Pages",
    "previous": "Previous",
    "next": "Next",
    "no_translation": "There is no translation into {wanted} yet; this is the article in {shown}.",
    "updated": "Updated",
    "also_in": "Also in",
    "languages": "Other languages",
    "language": "Language",
    "contents": "In this article",
    "related": "Related articles",
    "print": "Print",
    "helped": "Did this article help you?",
    "helped_yes": "Thank you. You said that it helped.",
    "helped_no": "Thank you. You said that it did not help.",
    "yes": "Yes",
    "no": "No",
    "not_found_here": "Not what you were looking for?",
    "talk": "Talk to us",
    "back_to_article": "Back to the article",
    "agents": "Agents only",
    "customers": "Signed-in customers",
    "audience": "For some customers",
    "feed": "Newest articles",
    "skip": "Skip to the content",
}
_CHINESE: Final[Mapping[str, str]] = {
    "help": "帮助中心",
    "ask": "有什么可以帮您？",
    "search": "搜索",
    "search_label": "搜索帮助中心",
    "placeholder": "提问或搜索",
    "searching": "正在搜索……",
    "found_one": "1 篇文章",
    "found_many": "{count} 篇文章",
    "all_results": "全部结果",
    "results": "“{words}”的搜索结果",
    "nothing": "没有找到结果。请换个说法，或在聊天中问我们。",
    "slower": "搜索过于频繁，请稍候再试。",
    "no_articles": "暂时还没有文章。",
    "general": "常见问题",
    "all_in": "全部 {count} 篇文章",
    "all_articles": "全部文章",
    "categories": "分类",
    "back": "返回",
    "here": "当前位置",
    "pages": "分页",
    "previous": "上一页",
    "next": "下一页",
    "no_translation": "本文暂无{wanted}版本，以下为{shown}版本。",
    "updated": "更新于",
    "also_in": "其他语言版本",
    "languages": "其他语言",
    "language": "语言",
    "contents": "本文内容",
    "related": "相关文章",
    "print": "打印",
    "helped": "这篇文章对您有帮助吗？",
    "helped_yes": "谢谢，您表示有帮助。",
    "helped_no": "谢谢，您表示没有帮助。",
    "yes": "有",
    "no": "没有",
    "not_found_here": "没有找到您需要的内容？",
    "talk": "联系我们",
    "back_to_article": "返回文章",
    "agents": "仅客服可见",
    "customers": "仅登录客户可见",
    "audience": "部分客户可见",
    "feed": "最新文章",
    "skip": "跳到正文",
}
TEXTS: Final[Mapping[str, Mapping[str, str]]] = {"en": _ENGLISH, "zh": _CHINESE}
NAMES: Final = {"en": "English", "zh": "中文"}


def tongue(language: str) -> str:
    """The language of the pages' own words for a reader of this one."""
    base = language.replace("_", "-").casefold().split("-")[0]
    return base if base in TEXTS else "en"


def words_for(language: str) -> Mapping[str, str]:
    return TEXTS[tongue(language)]
