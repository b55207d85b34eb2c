"""A version: one text that was published once, word for word, for ever."""

from django.conf import settings
from django.db import models

from bots.models.article import REASON_LIMIT, TITLE_LIMIT, Article


class Version(models.Model):
    """Written by the database itself whenever an article's text is published, whoever saves it.

    It never changes and counts 1, 2, 3 … for each article; it goes only with its article.
    """

    article = models.ForeignKey(Article, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=TITLE_LIMIT)
    body = models.TextField(blank=True)
    questions = models.JSONField("example questions", default=list, blank=True)
    language = models.CharField(max_length=35)
    reason = models.CharField("what changed and why", max_length=REASON_LIMIT, blank=True)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["article", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "number"], name="an_article_counts_its_versions"
            ),
            models.CheckConstraint(
                condition=models.Q(number__gte=1), name="versions_count_from_one"
            ),
        ]

    def __str__(self) -> str:
        return f"Version {self.number} of article {self.article_id}"
