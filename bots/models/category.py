"""A category: what the help centre calls a shelf of articles, in each language."""

from django.db import models
from django.db.models import Q


class Category(models.Model):
    """Articles name their category by its name, or by its name in any language; one that nobody has
    described here stands after those that are."""

    name = models.CharField(
        max_length=100,
        unique=True,
        help_text="What articles have as their category. Renaming it renames it there.",
    )
    description = models.CharField(max_length=300, blank=True)
    position = models.PositiveIntegerField(
        default=0, help_text="The help centre shows small numbers first."
    )

    class Meta:
        ordering = ["position", "name"]
        verbose_name_plural = "categories"
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="a_category_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class CategoryName(models.Model):
    """The same in another language."""

    category = models.ForeignKey(Category, models.CASCADE, related_name="names")
    language = models.CharField(max_length=35, help_text="A BCP 47 tag: en, zh, pt-BR.")
    name = models.CharField(max_length=100)
    description = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["language"]
        constraints = [
            models.UniqueConstraint(
                fields=["category", "language"], name="one_name_of_a_category_per_language"
            ),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(language=""), name="a_categorys_name_is_written"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.language})"
