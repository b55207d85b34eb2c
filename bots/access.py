"""Who may change what readers and the bot's customers see."""

from typing import Protocol

from bots.models import Article
from conversations.errors import NotAllowed

PUBLISH = "bots.publish_article"
READ = "bots.view_article"
OVERRIDE = "bots.override_replay"
ADOPT = "bots.adopt_adapter"
SEE_CONVERSATIONS = "conversations.see_all_conversations"


class Person(Protocol):
    """Whoever edits; Django's users and ours are such."""

    def has_perm(self, perm: str, /) -> bool: ...


def may_publish(person: Person) -> bool:
    return person.has_perm(PUBLISH)


def may_override(person: Person) -> bool:
    """Publish although a replay says that something gets worse."""
    return person.has_perm(OVERRIDE)


def may_adopt(person: Person) -> bool:
    """Decide what the language model answers with."""
    return person.has_perm(ADOPT)


def may_see_conversations(person: Person) -> bool:
    """Be led from what was learnt to the conversations that it came from."""
    return person.has_perm(SEE_CONVERSATIONS)


def may_change(person: Person, article: Article) -> bool:
    """Drafts are every editor's; a published text is only touched by who may publish."""
    return article.state != Article.State.PUBLISHED or may_publish(person)


def check_change(person: Person, *, was: str, becomes: str) -> None:
    """Raises NotAllowed if this move from state to state takes the right to publish."""
    if Article.State.PUBLISHED in {was, becomes} and not may_publish(person):
        raise NotAllowed("You may write drafts; publishing takes the right to publish articles.")
