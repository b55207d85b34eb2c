"""HTML → Markdown: what a reader sees of a page, without what moves, asks or watches."""

import re
from html import unescape

import nh3
from bs4 import BeautifulSoup, Tag
from markdownify import ATX, MarkdownConverter

from bots.sources.kinds import Document, Unreadable
from bots.sources.words import cleaned

_KEPT = {
    "a",
    "b",
    "blockquote",
    "br",
    "code",
    "dd",
    "div",
    "dl",
    "dt",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "li",
    "main",
    "article",
    "ol",
    "p",
    "pre",
    "section",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
}
_GONE = {
    "script",
    "style",
    "template",
    "noscript",
    "iframe",
    "object",
    "embed",
    "svg",
    "math",
    "form",
    "select",
    "button",
    "textarea",
    "nav",
    "header",
    "footer",
    "aside",
    "head",
    "title",
    "canvas",
    "audio",
    "video",
    "dialog",
}
_SCHEMES = {"http", "https", "mailto", "tel"}
_TITLE = re.compile(r"<title[^>]*>(.{1,2000}?)</title>", re.IGNORECASE | re.DOTALL)
_LANGUAGE = re.compile(
    r"<html[^>]{0,2000}?\blang\s*=\s*[\"']?([A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,3})", re.IGNORECASE
)
_NESTING = re.compile(
    r"<(/?)(?:div|span|section|article|main|blockquote|ul|ol|table|b|i|em|strong|font|a|code|sub|sup)\b",
    re.IGNORECASE,
)
_DEEPEST = 400
_BLANKS = re.compile(r"\n{3,}")
_HEADING = re.compile(r"<h1\b", re.IGNORECASE)


def read_html(text: str) -> Document:
    """Raises Unreadable if nothing of it is to be read."""
    title = _TITLE.search(text)
    language = _LANGUAGE.search(text[:20_000])
    markdown = markdown_of(text)
    if not markdown:
        raise Unreadable("The page has no text.")
    return Document(
        title=" ".join(unescape(title[1]).split()) if title else "",
        markdown=markdown,
        language=language[1] if language else "",
    )


def markdown_of(html: str) -> str:
    """Of the page's main part, if it names one."""
    _check_depth(html)
    clean = nh3.clean(
        html,
        tags=_KEPT,
        clean_content_tags=_without_heading(html),
        attributes={"a": {"href"}, "ol": {"start"}, "td": {"colspan"}, "th": {"colspan"}},
        url_schemes=_SCHEMES,
        url_relative="deny",
        link_rel=None,
        strip_comments=True,
    )
    try:
        page = BeautifulSoup(clean, "html.parser")
        part: Tag = page.find("main") or page.find("article") or page
        _flow(part)
        text = MarkdownConverter(
            heading_style=ATX, bullets="-", strip=["img"], escape_misc=False
        ).convert_soup(part)
    except RecursionError:
        raise Unreadable("The page is nested too deeply.") from None
    lines = (line.rstrip() for line in cleaned(text).split("\n"))
    return _BLANKS.sub("\n\n", "\n".join(lines)).strip()


def _check_depth(html: str) -> None:
    """Cleaning takes time with the square of the depth. Ends that may be left out do not count."""
    depth = 0
    for end in _NESTING.findall(html):
        depth += -1 if end else 1
        if depth > _DEEPEST:
            raise Unreadable("The page is nested too deeply.")


def _flow(part: Tag) -> None:
    """A line end in a page is a space; in our Markdown it would be a line end."""
    for text in part.find_all(string=True):
        if "\n" in text and text.find_parent("pre") is None:
            text.replace_with(re.sub(r"\s+", " ", text))


def _without_heading(html: str) -> set[str]:
    """A page's header is the site's, unless it holds the only first heading."""
    outside = re.sub(r"(?is)<header\b.*?</header>", "", html)
    keep = _HEADING.search(html) is not None and _HEADING.search(outside) is None
    return _GONE - {"header"} if keep else _GONE
