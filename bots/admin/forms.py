"""The form of an article: for a live one, the words in it are those of its draft."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from bots.actions.editing import BadDates, check_dates, link_translations
from bots.audiences import audiences
from bots.models import Article, Draft, Visibility
from bots.sources.rows import LANGUAGE

_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_CHANGE_PAGE = re.compile(r"/admin/bots/article/(\d{1,18})/")

WORDS = ("title", "body", "questions", "reason")
ATTACHED = (
    "category",
    "is_fixed",
    "language",
    "inboxes",
    "visibility",
    "audience",
    "publish_at",
    "expires_at",
    "translation_of",
)


class OnePerLine(forms.CharField):
    """A list of texts, written as lines."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=UnfoldAdminTextareaWidget(attrs={"rows": 6}), **options)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        lines = (" ".join(line.split()) for line in (super().to_python(value) or "").splitlines())
        return [line for line in lines if line]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(self.prepare_value(initial)) != self.to_python(data))


def _audience_field(now: str) -> forms.ChoiceField:
    known = [(one.key, one.name) for one in audiences()]
    if now and now not in dict(known):
        known.append((now, "An audience that is gone: no customer reads it"))
    return forms.ChoiceField(
        choices=[("", "–"), *known],
        required=False,
        widget=UnfoldAdminSelectWidget(),
        help_text="A segment of customers. Only who is in it when asking, and is signed in at your site, gets it; agents read it, too.",
    )


class ArticleForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's own takes none
    questions = OnePerLine(
        label="Example questions",
        required=False,
        help_text="One on each line, as customers ask. Each one helps the bot to find the article.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        instance = options.get("instance")
        if instance is not None and instance.pk:
            begun = begun_words(instance) | {"translation_of": first_of(instance)}
            options["initial"] = begun | (options.get("initial") or {})
        super().__init__(*args, **options)
        if "audience" in self.fields:
            self.fields["audience"] = _audience_field(self.instance.audience)

    translation_of = forms.CharField(
        label="Translation of",
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        help_text="The address or the import id of the same article in another language. "
        "Readers get theirs, and are told when there is none. Empty it to take them apart.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        dates = {name: cleaned.get(name) for name in ("publish_at", "expires_at")}
        try:
            # A date that stood there before may be over by now.
            news = {
                name: date if name in self.changed_data else None for name, date in dates.items()
            }
            check_dates(**news, at=timezone.now())
            begin, end = dates["publish_at"], dates["expires_at"]
            if begin and end:
                check_dates(publish_at=None, expires_at=end, at=begin)
        except BadDates as refusal:
            for name, complaints in refusal.fields.items():
                self.add_error(name, list(complaints))
        self._check_audience(cleaned)
        self._check_family(cleaned)
        self._as_it_was(cleaned)
        return cleaned

    def _check_audience(self, cleaned: dict[str, Any]) -> None:
        """An audience is named where an article is kept for one, and forgotten elsewhere."""
        if "audience" not in cleaned or "visibility" not in cleaned:
            return
        if cleaned["visibility"] != Visibility.AUDIENCE:
            cleaned["audience"] = ""
        elif not cleaned["audience"]:
            self.add_error("audience", "Choose for which audience.")

    def _as_it_was(self, cleaned: dict[str, Any]) -> None:
        """A browser sends other line ends than an import has; that is no change of the words."""
        for name in ("title", "body"):
            if name in cleaned:
                before = self.initial.get(name) or ""
                is_same = _plain(cleaned[name]) == _plain(before)
                cleaned[name] = before if is_same else _plain(cleaned[name])
        if "questions" in cleaned and "questions" not in self.changed_data:
            cleaned["questions"] = self.initial.get("questions") or []

    def _check_family(self, cleaned: dict[str, Any]) -> None:
        """One article in each language; so says the database, too."""
        other, language = cleaned.get("translation_of"), cleaned.get("language")
        family = self.instance.family
        if "translation_of" in self.changed_data:
            family = other.family if other else None
        same = Article.objects.filter(family=family, language=language)
        if family and language and same.exclude(pk=self.instance.pk).exists():
            field = "translation_of" if other else "language"
            self.add_error(field, f"It has a translation into {language} already.")

    def clean_translation_of(self) -> Article | None:
        """Found by what people have at hand: what stands in the address bar, or its import id."""
        said = self.cleaned_data["translation_of"].strip()
        if not said:
            return None
        found = _article_named(said)
        if found is None or found.pk == self.instance.pk:
            raise ValidationError("There is no other article with this address or import id.")
        return found

    def link_translation(self, article: Article) -> None:
        """After the article was saved, alone if its family is another one now."""
        if "translation_of" not in self.changed_data:
            return
        if other := self.cleaned_data["translation_of"]:
            link_translations(article=article.uuid, other=other.uuid)
        article.refresh_from_db(fields=["family"])

    def clean_language(self) -> str:
        language: str = self.cleaned_data["language"]
        if not LANGUAGE.match(language):
            raise ValidationError("Write a language such as en, zh or pt-BR.")
        return language


class WordsForm(ArticleForm):
    """For who may not say where a live article belongs."""

    translation_of = None  # type: ignore[assignment]  # so Django takes a field away


def begun_words(article: Article) -> dict[str, Any]:
    """What the draft of a live article says; without one, an empty reason for the next change."""
    if article.state != Article.State.PUBLISHED:
        return {}
    draft = Draft.objects.filter(article=article).first()
    return {name: getattr(draft, name) for name in WORDS} if draft else {"reason": ""}


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def first_of(article: Article) -> str:
    """The oldest of the others, as people name it."""
    family = Article.objects.filter(family=article.family).exclude(pk=article.pk).order_by("pk")
    first = family.first()
    return (first.external_id or str(first.uuid)) if first else ""


def _article_named(said: str) -> Article | None:
    known = Article.objects.filter(external_id=said).first()
    if known is not None:
        return known
    if change := _CHANGE_PAGE.search(said):
        return Article.objects.filter(pk=int(change[1])).first()
    key = _UUID.search(said)
    return Article.objects.filter(uuid=key[0]).first() if key else None
