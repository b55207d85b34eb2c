from analytics.topics.models.topic import About, Topic

__all__ = ["About", "Topic"]
