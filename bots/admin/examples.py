"""Training examples in the admin: looked through, changed, accepted or rejected."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from bots.access import may_see_conversations
from bots.actions.examples import FIELDS, decide
from bots.admin.learned import Decided
from bots.changes import Stretch, changed_words
from bots.models import TrainingExample
from bots.training.examples import LONGEST
from conversations.errors import Refused


class WordsForm(forms.Form):
    """The words of an example."""

    title = forms.CharField(
        required=False, max_length=LONGEST["title"], widget=UnfoldAdminTextInputWidget()
    )
    question = forms.CharField(
        max_length=LONGEST["question"], widget=UnfoldAdminTextareaWidget(attrs={"rows": 3})
    )
    context = forms.CharField(
        max_length=LONGEST["context"], widget=UnfoldAdminTextareaWidget(attrs={"rows": 8})
    )
    answer = forms.CharField(
        max_length=LONGEST["answer"], widget=UnfoldAdminTextareaWidget(attrs={"rows": 5})
    )


@admin.register(TrainingExample)
class TrainingExampleAdmin(Decided):
    when_empty = (
        "Answers that were rated well, answers of people that an article bears out, and suggestions that agents"
        " changed before they sent them appear here by themselves."
    )
    first = "waiting"
    list_display = ("question", "source", "shown_state", "by_hand", "found_at")
    list_filter = ("state", "source", "language")
    search_fields = ("question", "answer")
    search_help_text = "Words of the question or the answer."
    actions = ("accept_all", "reject_all")

    @display(description="state", label={"waiting": "warning", "accepted": "success", "rejected": "info"})  # fmt: skip
    def shown_state(self, example: TrainingExample) -> tuple[str, str]:
        return example.state, example.get_state_display()

    @display(description="changed by hand", ordering="is_edited")
    def by_hand(self, example: TrainingExample) -> str:
        return "yes" if example.is_edited else "–"

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        example, context = self.page(request, object_id)
        return self._shown(request, context, WordsForm(initial=vars(example)))

    def _shown(
        self, request: HttpRequest, context: dict[str, Any], form: WordsForm
    ) -> HttpResponse:
        row = context["row"]
        if may_see_conversations(request.user) and row.conversation_id:
            context["conversation"] = reverse(
                "admin:conversations_conversation_change", args=[row.conversation_id]
            )
        if row.instead:
            stretch = Stretch(changed_words(row.instead, row.answer))
            context["changes"] = [
                ("What the bot had said, and what a person made of it", [stretch])
            ]
        context |= {"title": row.question[:80], "form": form, "language": row.language}
        return render(request, "admin/bots/example.html", context)

    def decided(self, request: HttpRequest, row: TrainingExample) -> HttpResponse:
        state = {"accept": "accepted", "reject": "rejected"}.get(request.POST.get("do", ""))
        if state is None:
            raise Http404
        words = None
        if state == "accepted":
            form = WordsForm(request.POST)
            if not form.is_valid():
                return self._shown(request, self.page(request, str(row.pk))[1], form)
            words = {name: form.cleaned_data[name].replace("\r\n", "\n") for name in FIELDS}
        decide(example=row.uuid, state=state, by_id=request.user.pk, at=timezone.now(), words=words)
        messages.success(request, "Accepted." if words else "Rejected. It does not come again.")
        return self.to_list()

    @action(description="Accept as they are", permissions=["change"])
    def accept_all(self, request: HttpRequest, chosen: QuerySet[TrainingExample]) -> None:
        self._all(request, chosen, "accepted")

    @action(description="Reject", permissions=["change"])
    def reject_all(self, request: HttpRequest, chosen: QuerySet[TrainingExample]) -> None:
        self._all(request, chosen, "rejected")

    def _all(self, request: HttpRequest, chosen: QuerySet[TrainingExample], state: str) -> None:
        done = 0
        for key in list(chosen.values_list("uuid", flat=True)):
            try:
                decide(example=key, state=state, by_id=request.user.pk, at=timezone.now())
                done += 1
            except Refused as refused:
                messages.warning(request, refused.detail)
        messages.success(request, f"{state.capitalize()}: {done}.")
