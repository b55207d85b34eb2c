from bots.admin.articles import ArticleAdmin
from bots.admin.imports import ImportAdmin
from bots.admin.profiles import BotProfileAdmin

__all__ = ["ArticleAdmin", "BotProfileAdmin", "ImportAdmin"]
