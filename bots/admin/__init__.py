from bots.admin.articles import ArticleAdmin

__all__ = ["ArticleAdmin"]
