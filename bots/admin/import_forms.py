"""The forms of the page “Import”: what is sent, and each article of the preview."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from bots.actions.importing import Options
from bots.models import Import
from bots.models.article import BODY_LIMIT, PLAIN_VISIBILITIES, TITLE_LIMIT
from bots.sources.kinds import FILE_LIMIT, PAGE_LIMIT
from bots.sources.rows import CATEGORY_LIMIT, LANGUAGE


class _ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class _FilesField(forms.FileField):
    widget = _ManyFiles(
        attrs={"accept": ".pdf,.docx,.html,.htm,.md,.markdown,.txt,.csv,.tsv,.jsonl,.zip"}
    )

    def clean(self, data: Any, initial: Any = None) -> Any:
        if not data:
            raise ValidationError("Choose at least one file.")
        return [one for one in (data if isinstance(data, list | tuple) else [data]) if one]


class ImportForm(forms.Form):
    file = _FilesField(
        label="Files",
        help_text=f"PDF (up to {PAGE_LIMIT} pages), Word (.docx), HTML, Markdown, CSV, JSON Lines,"
        f" or a ZIP of these; {FILE_LIMIT // 1024**2} MB each. Nothing is stored before you have"
        " looked at it.",
    )
    split = forms.ChoiceField(
        label="How documents are split",
        choices=Import.Split.choices,
        widget=UnfoldAdminSelectWidget,
        help_text="Each line of a table is an article in any case.",
    )
    category = forms.CharField(
        label="Category",
        max_length=CATEGORY_LIMIT,
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text="Empty: what the file says, else the heading above.",
    )
    language = forms.CharField(
        label="Language",
        max_length=35,
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text="Such as en or zh. Empty: found in each text.",
    )
    visibility = forms.ChoiceField(
        label="Who may read them", choices=PLAIN_VISIBILITIES, widget=UnfoldAdminSelectWidget
    )

    def clean_language(self) -> str:
        language: str = self.cleaned_data["language"].strip()
        if language and not LANGUAGE.match(language):
            raise ValidationError("Write a language such as en, zh or pt-BR.")
        return language

    def options(self) -> Options:
        said = self.cleaned_data
        return Options(said["split"], said["category"], said["language"], said["visibility"])


class PartForm(forms.Form):
    """One article of a preview, in the list."""

    is_chosen = forms.BooleanField(required=False)
    title = forms.CharField(max_length=TITLE_LIMIT)
    category = forms.CharField(max_length=CATEGORY_LIMIT, required=False)
    language = forms.RegexField(LANGUAGE, max_length=35)


class WholePartForm(PartForm):
    """The same with its text, on a page of its own."""

    body = forms.CharField(
        max_length=BODY_LIMIT, required=False, widget=forms.Textarea(attrs={"rows": 24})
    )
