import bots.models.article
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import pgvector.django
import pgvector.django.indexes
import pgvector.django.vector
import uuid
from django.conf import settings
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("inboxes", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgvector.django.VectorExtension(),
        TrigramExtension(),
        migrations.CreateModel(
            name="Article",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "external_id",
                    models.CharField(
                        blank=True,
                        help_text="The id in the file it was imported from. Importing the same id again replaces this article.",
                        max_length=200,
                        null=True,
                        unique=True,
                        verbose_name="import id",
                    ),
                ),
                ("title", models.CharField(max_length=300)),
                ("body", models.TextField(blank=True, help_text="Markdown.")),
                (
                    "questions",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="How customers ask for it. Each one helps the bot to find it.",
                        validators=[bots.models.article.check_questions],
                        verbose_name="example questions",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        default="en", help_text="A BCP 47 tag: en, zh, pt-BR.", max_length=35
                    ),
                ),
                ("category", models.CharField(blank=True, max_length=100)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("published", "Published"),
                            ("archived", "Archived"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(editable=False)),
                ("updated_at", models.DateTimeField(editable=False)),
                ("indexed_at", models.DateTimeField(editable=False, null=True)),
                ("indexed_revision", models.PositiveIntegerField(editable=False, null=True)),
                ("indexed_with", models.CharField(blank=True, editable=False, max_length=200)),
                (
                    "inboxes",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Leave empty to answer with it everywhere.",
                        related_name="articles",
                        to="inboxes.inbox",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-updated_at", "-pk"],
                "permissions": [("publish_article", "Can publish articles")],
            },
        ),
        migrations.CreateModel(
            name="Passage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("revision", models.PositiveIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("title", "Title"),
                            ("question", "Example question"),
                            ("body", "Part of the body"),
                        ],
                        max_length=10,
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("text", models.TextField()),
                (
                    "start",
                    models.PositiveIntegerField(
                        default=0, help_text="Where a part begins in the body, in characters."
                    ),
                ),
                ("vector", pgvector.django.vector.VectorField(dimensions=384)),
                (
                    "english",
                    pgvector.django.vector.VectorField(
                        dimensions=384,
                        help_text="A second opinion by an encoder that knows only English.",
                        null=True,
                    ),
                ),
                ("words", django.contrib.postgres.search.SearchVectorField()),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="passages",
                        to="bots.article",
                    ),
                ),
            ],
            options={
                "ordering": ["article", "kind", "position"],
            },
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(fields=["state", "language"], name="article_state_language"),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(fields=["-updated_at", "-id"], name="article_newest_first"),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.CheckConstraint(
                condition=models.Q(("title", ""), _negated=True), name="an_article_has_a_title"
            ),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["draft", "published", "archived"])),
                name="article_state_is_known",
            ),
        ),
        migrations.AddIndex(
            model_name="passage",
            index=pgvector.django.indexes.HnswIndex(
                ef_construction=64,
                fields=["vector"],
                m=16,
                name="passage_vector_hnsw",
                opclasses=["vector_ip_ops"],
            ),
        ),
        migrations.AddIndex(
            model_name="passage",
            index=pgvector.django.indexes.HnswIndex(
                ef_construction=64,
                fields=["english"],
                m=16,
                name="passage_english_hnsw",
                opclasses=["vector_ip_ops"],
            ),
        ),
        migrations.AddIndex(
            model_name="passage",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["words"], name="passage_words_gin"
            ),
        ),
        migrations.AddConstraint(
            model_name="passage",
            constraint=models.UniqueConstraint(
                fields=("article", "kind", "position"), name="one_passage_per_place"
            ),
        ),
    ]
