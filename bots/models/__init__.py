from bots.models.article import Article
from bots.models.passage import Passage

__all__ = ["Article", "Passage"]
