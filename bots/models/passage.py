"""A passage: one piece of an article that search can find."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from pgvector.django import HnswIndex, VectorField

from bots.models.article import Article

DIMENSIONS = 384


class Passage(models.Model):
    """Rows of one revision of one article; replaced whole, never edited.

    ``words`` holds our own tokens (see ``bots.knowledge.text``), so that the same
    rules cut questions and articles, Chinese included.
    """

    class Kind(models.TextChoices):
        TITLE = "title", "Title"
        QUESTION = "question", "Example question"
        BODY = "body", "Part of the body"

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="passages")
    revision = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    position = models.PositiveIntegerField()
    text = models.TextField()
    start = models.PositiveIntegerField(
        default=0, help_text="Where a part begins in the body, in characters."
    )
    vector = VectorField(dimensions=DIMENSIONS)
    english = VectorField(
        dimensions=DIMENSIONS,
        null=True,
        help_text="A second opinion by an encoder that knows only English.",
    )
    words = SearchVectorField()

    class Meta:
        ordering = ["article", "kind", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "kind", "position"],
                name="one_passage_per_place",
            )
        ]
        indexes = [
            HnswIndex(
                name="passage_vector_hnsw",
                fields=["vector"],
                m=16,
                ef_construction=64,
                opclasses=["vector_ip_ops"],
            ),
            HnswIndex(
                name="passage_english_hnsw",
                fields=["english"],
                m=16,
                ef_construction=64,
                opclasses=["vector_ip_ops"],
            ),
            GinIndex(name="passage_words_gin", fields=["words"]),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.position} of article {self.article_id}"
