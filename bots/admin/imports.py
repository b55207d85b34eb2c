"""The page “Import”: files in, what would be made of them, and only then articles."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin
from unfold.decorators import display

from bots import tasks
from bots.access import may_publish
from bots.actions.importing import (
    begin_import,
    change_articles,
    choose_all,
    counts_of,
    discard_import,
    progress_of,
)
from bots.actions.storing import confirm_import
from bots.admin.import_forms import ImportForm, PartForm, WholePartForm
from bots.admin.pages import changes
from bots.changes import Stretch
from bots.knowledge.reading import html_of
from bots.models import Article, Draft, Import, SourceArticle, Words
from bots.sources.kinds import FILE_LIMIT
from conversations.errors import Refused
from conversations.later import queue_task

_PER_PAGE = 25


@admin.register(Import)
class ImportAdmin(ModelAdmin):
    list_display = ("begun", "shown_state", "shown_files", "shown_articles", "created_by")
    list_display_links = ("begun",)
    list_select_related = ("created_by",)
    list_per_page = 50
    show_full_result_count = False
    actions = None

    def has_change_permission(self, request: HttpRequest, obj: Import | None = None) -> bool:
        return self.has_add_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Import | None = None) -> bool:
        return self.has_add_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("bots.add_article")

    def has_delete_permission(self, request: HttpRequest, obj: Import | None = None) -> bool:
        return False  # “Forget this import” does it, with its files

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("files")

    @display(description="begun", ordering="pk")
    def begun(self, batch: Import) -> str:
        return f"{batch.created_at:%Y-%m-%d %H:%M}"

    @display(
        description="state",
        label={"reading": "warning", "ready": "primary", "stored": "success", "failed": "danger"},
    )
    def shown_state(self, batch: Import) -> tuple[str, str]:
        return batch.state, batch.get_state_display()

    @display(description="files")
    def shown_files(self, batch: Import) -> str:
        names = [one.name for one in batch.files.all()]
        return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")

    @display(description="articles")
    def shown_articles(self, batch: Import) -> str:
        if batch.state == Import.State.STORED:
            return said_of(batch)
        return f"{counts_of(batch)['found']} found"

    def get_urls(self) -> list[URLPattern]:
        site = self.admin_site
        own = [
            path("<int:pk>/save/", site.admin_view(require_POST(self._save)), name="bots_import_save"),
            path("<int:pk>/forget/", site.admin_view(require_POST(self._forget)), name="bots_import_forget"),
            path("<int:pk>/<int:position>/", site.admin_view(self._part), name="bots_import_part"),
        ]  # fmt: skip
        return [*own, *super().get_urls()]

    # --- the pages ------------------------------------------------------------------------

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = ImportForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            files = [(one.name, one.read(FILE_LIMIT + 1)) for one in form.cleaned_data["file"]]
            try:
                batch = begin_import(
                    files, options=form.options(), by_id=request.user.pk, at=timezone.now()
                )
            except Refused as refusal:
                form.add_error("file", refusal.detail)
            else:
                queue_task(tasks.read_import, import_id=batch.pk)
                return redirect("admin:bots_import_change", batch.pk)
        context = {**self._context(request), "title": "Import articles", "form": form}
        return render(request, "admin/bots/import/new.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        batch = self._batch(request, object_id)
        done, total = progress_of(batch)
        context = {
            **self._context(request),
            "title": "Import articles",
            "batch": batch,
            "done": done,
            "total": total,
            "files": batch.files.all(),
            "problems": batch.files.exclude(problem=""),
            "counts": counts_of(batch),
            "said": said_of(batch),
            "may_publish": may_publish(request.user),
            "address": reverse("import-detail", args=[batch.uuid]),
        }
        if batch.state in {Import.State.READY, Import.State.STORED}:
            found = batch.articles.select_related("file", "article").order_by("position")
            page = Paginator(found, _PER_PAGE).get_page(request.GET.get("page"))
            context |= {"page": page, "parts": _parts(page)}
        return render(request, "admin/bots/import/look.html", context)

    def _save(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Keeps what was changed on this page of the preview, then does what the button says."""
        batch = self._batch(request, str(pk))
        page = request.POST.get("page", "")
        back = redirect("admin:bots_import_change", pk)
        back["Location"] += f"?{urlencode({'page': page})}" if page.isdecimal() else ""
        try:
            if not self._keep(request, batch):
                return back
            done = request.POST.get("do", "")
            if done in {"all", "none"}:
                choose_all(batch.uuid, chosen=done == "all")
            elif done in {"draft", "publish"}:
                if done == "publish" and not may_publish(request.user):
                    raise PermissionDenied
                confirm_import(
                    batch.uuid,
                    publish=done == "publish",
                    by_id=request.user.pk,
                    at=timezone.now(),
                )
                queue_task(tasks.index_article, article_id=0)
                return redirect("admin:bots_import_change", pk)
            else:
                messages.success(request, "Kept. Nothing is an article yet.")
        except Refused as refusal:
            messages.error(request, refusal.detail)
        return back

    def _keep(self, request: HttpRequest, batch: Import) -> bool:
        shown = [int(one) for one in request.POST.getlist("shown")[:_PER_PAGE] if one.isdecimal()]
        said: dict[int, dict[str, Any]] = {}
        for position in shown:
            form = PartForm(request.POST, prefix=str(position))
            if not form.is_valid():
                name, problems = next(iter(form.errors.items()))
                messages.error(request, f"Article {position}, {name}: {problems[0]}")
                return False
            said[position] = form.cleaned_data
        change_articles(batch.uuid, said)
        return True

    def _part(self, request: HttpRequest, pk: int, position: int) -> HttpResponse:
        batch = self._batch(request, str(pk))
        part = batch.articles.select_related("file", "article").filter(position=position).first()
        if part is None:
            raise Http404
        form = WholePartForm(
            request.POST or None,
            initial={name: getattr(part, name) for name in WholePartForm.base_fields},
        )
        if request.method == "POST" and form.is_valid():
            try:
                change_articles(batch.uuid, {position: form.cleaned_data})
            except Refused as refusal:
                messages.error(request, refusal.detail)
            number = (position - 1) // _PER_PAGE + 1
            back = redirect("admin:bots_import_change", pk)
            back["Location"] += f"?page={number}#part-{position}"
            return back
        context = {**self._context(request), "title": part.title, "batch": batch, "part": part}
        context |= {"form": form, "html": html_of(part.body)}
        return render(request, "admin/bots/import/part.html", context)

    def _forget(self, request: HttpRequest, pk: int) -> HttpResponse:
        discard_import(self._batch(request, str(pk)).uuid)
        messages.success(request, "Forgotten. Articles that were made of it stay.")
        return redirect("admin:bots_import_changelist")

    def _batch(self, request: HttpRequest, object_id: str) -> Import:
        if not self.has_add_permission(request):
            raise PermissionDenied
        batch = self.get_object(request, object_id)
        if batch is None:
            raise Http404
        found: Import = batch
        return found

    def _context(self, request: HttpRequest) -> dict[str, Any]:
        return {**self.admin_site.each_context(request), "opts": self.opts}


def _parts(page: "Page[SourceArticle]") -> list[dict[str, Any]]:
    """Each with what it would do: a new article, a changed one (and what changes), or nothing."""
    drafts = {
        draft.article_id: draft
        for draft in Draft.objects.filter(article__in=[p.article_id for p in page if p.article_id])
    }
    return [
        {
            "part": part,
            "html": html_of(part.body[:4_000]),
            "is_long": len(part.body) > 4_000,
            **_compared(part, part.article, drafts.get(part.article_id or 0)),
        }
        for part in page
    ]


def _compared(part: SourceArticle, article: Article | None, draft: Draft | None) -> dict[str, Any]:
    if article is None:
        return {"kind": "new", "word": "New"}
    questions = tuple(part.questions) or tuple(article.questions)
    now = Words.of(draft or article)
    if now == Words(part.title, part.body, questions):
        return {"kind": "same", "word": "Unchanged"}
    after = Draft(title=part.title, body=part.body, questions=list(questions))
    different: Sequence[tuple[str, list[Stretch]]] = changes(article, after)
    return {"kind": "changed", "word": "Changed", "changes": different}


def said_of(batch: Import) -> str:
    """What became of it, in a sentence."""
    names = {
        "created": "new",
        "changed": "changed",
        "drafted": "live, with a draft beside it",
        "unchanged": "unchanged",
        "waiting": "waiting for the replay of past questions",
        "problems": "not linked with their translation",
    }
    found = [
        f"{batch.counts[name]} {word}" for name, word in names.items() if batch.counts.get(name)
    ]
    return ", ".join(found) or "Nothing"
