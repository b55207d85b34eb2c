from bots.admin.articles import ArticleAdmin
from bots.admin.categories import CategoryAdmin
from bots.admin.imports import ImportAdmin
from bots.admin.profiles import BotProfileAdmin
from bots.admin.traces import BotTraceAdmin

__all__ = ["ArticleAdmin", "BotProfileAdmin", "BotTraceAdmin", "CategoryAdmin", "ImportAdmin"]
