from bots.models.article import Article
from bots.models.draft import Draft
from bots.models.passage import Passage
from bots.models.version import Version

__all__ = ["Article", "Draft", "Passage", "Version"]
