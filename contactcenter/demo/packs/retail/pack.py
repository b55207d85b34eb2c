"""Farwander, the outdoor shop: its pages, orders and articles are the demo's own."""

from contactcenter.demo.packs.pack import Pack
from contactcenter.demo.people import APPEARANCE, INBOX_KEY
from contactcenter.demo.words import CHINESE, ENGLISH, TEXTS

PACK = Pack(
    name="retail",
    title={language: TEXTS[language]["shop"] for language in (ENGLISH, CHINESE)},
    tagline={language: TEXTS[language]["tagline"] for language in (ENGLISH, CHINESE)},
    hero={language: TEXTS[language]["hero_title"] for language in (ENGLISH, CHINESE)},
    text={language: TEXTS[language]["hero_text"] for language in (ENGLISH, CHINESE)},
    accent=str(APPEARANCE["accent"]),
    tries={},
    promises=(),
    services=(),
    facts_text={},
    facts=(),
    mail="service@farwander.example",
    phone="+49 40 66969 120",
    own_page="shop:home",
    inbox_key=INBOX_KEY,
)
