from bots.models.article import Article, Reader, Visibility
from bots.models.draft import Draft
from bots.models.passage import Passage
from bots.models.version import Version
from bots.models.vote import Vote

__all__ = ["Article", "Draft", "Passage", "Reader", "Version", "Visibility", "Vote"]
