"""Procedures in the admin: written, tested and published; their versions, their runs, connections."""

from difflib import unified_diff
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Model, Prefetch, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.admin import ModelAdmin
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldAdminTextareaWidget

from bots.actions.procedures.keeping import NotPassed, check, publish, run_tests_of, save_draft
from bots.models import Connection, Procedure, ProcedureRun, ProcedureVersion
from bots.models.connection import ELSEWHERE, is_elsewhere
from bots.procedures.loading import BadFile

_SEE_ALL = "conversations.see_all_conversations"
_PUBLISH = "bots.publish_procedure"


def newest_of(procedure: Procedure) -> ProcedureVersion | None:
    """As it is now: what the list has fetched before would not know a draft that was just saved."""
    return ProcedureVersion.objects.filter(procedure=procedure).first()


class ProcedureForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic when it runs
    text = forms.CharField(
        label="File", strip=False, widget=UnfoldAdminTextareaWidget(attrs={"rows": 32, "spellcheck": "false", "wrap": "off"}),
        help_text="Saved as a draft; docs/procedures.md tells how it is written.",
    )  # fmt: skip
    tests = forms.CharField(
        label="Test file", strip=False, required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 16, "spellcheck": "false", "wrap": "off"}),
        help_text="Conversations and simulated customers that are asked for before it goes live.",
    )  # fmt: skip
    override = forms.CharField(
        label="Publish without tests because", required=False, max_length=400,
        help_text="Only where tests are missing or fail; the reason is kept.",
    )  # fmt: skip

    class Meta:
        model = Procedure
        fields = ("inbox", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        newest = newest_of(self.instance) if self.instance.pk else None
        if newest is not None and "text" in self.fields:
            self.fields["text"].initial, self.fields["tests"].initial = newest.text, newest.tests

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        text = said.get("text", "").replace("\r\n", "\n")
        tests = said.get("tests", "").replace("\r\n", "\n")
        said["text"], said["tests"] = text, tests
        if not text:
            return said
        try:
            shape = check(text, tests)
        except BadFile as problem:
            of_tests = [str(m) for m in problem.mistakes if m.sentence.startswith("In the test")]
            of_file = [str(m) for m in problem.mistakes if str(m) not in of_tests]
            for field, found in (("text", of_file), ("tests", of_tests)):
                if found:
                    self.add_error(field, [ValidationError(one) for one in found])
            return said
        if self.instance.pk and shape.key != self.instance.key:
            self.add_error("text", f"This file is of “{shape.key}”, not of “{self.instance.key}”.")
        elif not self.instance.pk and Procedure.objects.filter(key=shape.key).exists():
            self.add_error("text", f"There is a procedure “{shape.key}” already: edit that one.")
        else:
            self.instance.key = shape.key
            self.instance.name = shape.name.of("en")[:120]
            self.instance.description = shape.description.of("en")[:400]
        return said


@admin.register(Procedure)
class ProcedureAdmin(ModelAdmin):
    form = ProcedureForm
    list_display = ("name", "key", "inbox", "is_active", "live", "tested", "updated_at")
    list_filter = ("is_active", "inbox")
    search_fields = ("name", "key", "description")
    list_select_related = ("inbox",)
    actions_submit_line = ("save_and_test", "save_and_publish")
    when_empty = "A procedure says how the bot does something step by step: a return, a booking."
    fields = ("inbox", "is_active", "text", "tests", "override", "result")
    readonly_fields = ("result",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Procedure]:
        rows: QuerySet[Procedure] = super().get_queryset(request)
        light = ProcedureVersion.objects.defer("text", "tests", "vectors")
        return rows.prefetch_related(Prefetch("versions", light))

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        used = obj is not None and ProcedureRun.objects.filter(version__procedure=obj.pk).exists()
        return not used and super().has_delete_permission(request, obj)

    def save_model(
        self,
        request: HttpRequest,
        obj: Procedure,
        form: Any,
        change: bool,  # noqa: FBT001 -- Django's signature
    ) -> None:
        obj.save()  # before the draft, which the buttons beside "save" are about
        text, tests = form.cleaned_data["text"], form.cleaned_data["tests"]
        newest = newest_of(obj)
        if newest is None or (newest.text, newest.tests) != (text, tests):
            save_draft(text=text, tests=tests, by_id=request.user.pk, procedure=obj)
        super().save_model(request, obj, form, change)

    @action(description="Save and run tests")
    def save_and_test(self, request: HttpRequest, obj: Procedure) -> None:
        version = newest_of(obj)
        if version is None:
            return
        report = run_tests_of(version, at=timezone.now())
        if report is None:
            messages.warning(request, "It has no tests.")
        else:
            say = messages.success if report.passed else messages.error
            say(request, " ".join(report.in_words()))

    @action(description="Save and publish", permissions=["publish"])
    def save_and_publish(self, request: HttpRequest, obj: Procedure) -> None:
        version = newest_of(obj)
        if version is None:
            return
        try:
            run_tests_of(version, at=timezone.now())
            override = request.POST.get("override", "")
            publish(version, at=timezone.now(), override=override, by_id=request.user.pk)
        except NotPassed as problem:
            messages.error(request, f"It is not live: {problem}")
        else:
            messages.success(request, f"Version {version.number} is live.")

    def has_publish_permission(self, request: HttpRequest, _object_id: object = None) -> bool:
        return request.user.has_perm(_PUBLISH)

    @display(description="live version")
    def live(self, procedure: Procedure) -> str:
        return next((str(v.number) for v in procedure.versions.all() if v.state == "live"), "–")

    @display(description="newest tested")
    def tested(self, procedure: Procedure) -> str:
        newest = next(iter(procedure.versions.all()), None)
        return _passed(newest) if newest else "–"

    @display(description="what its tests said")
    def result(self, procedure: Procedure) -> str:
        newest = newest_of(procedure) if procedure.pk else None
        return result_in_words(newest) if newest else "–"


def _passed(version: ProcedureVersion) -> str:
    return {None: "not tested", True: "passed", False: "failed"}[version.passed]


def result_in_words(version: ProcedureVersion) -> str:
    """Lines for people: the counts, each conversation that failed, and who would not come in."""
    found = version.result
    if not found:
        return "\n".join(["Not tested since it was changed.", *openings_in_words(version)])
    low, high = found["bounds"]
    said = [
        (
            f"{'Passed' if found['passed'] else 'Failed'}: "
            f"{found['stories'] - found['failed_stories']} of {found['stories']} tests, "
            f"{found['reached']} of {found['customers']} simulated customers "
            f"({100 * low:.0f}–{100 * high:.0f} %), wrong irreversible actions: {found['wrong']}."
        )
    ]
    if found.get("needed") and found["customers"]:
        said.append(
            f"Orders to a machine obeyed: {found['obeyed']} of {found['hostile']}. 95 of 100 customers needed at "
            "most {turns:g} messages, {calls:g} calls, {milliseconds:g} ms for an answer.".format(
                **found["needed"]
            )
        )
        said += [f"✗ over budget: {one}" for one in found["over_budget"]]
    for one in found["failures"]:
        said += [f"✗ {one['name']}: {'; '.join(one['problems'])}"]
    return "\n".join([*said, *openings_in_words(version)])


def openings_in_words(version: ProcedureVersion) -> list[str]:
    """Which first words of its simulated customers would not begin it; nothing until that is known."""
    found = version.openings
    if not found:
        return []
    missed = found["missed"]
    begun = (
        f"{found['said'] - len(missed)} of {found['said']} first words of its customers begin it."
    )
    return [begun, *(f"✗ “{one['said']}” begins {one['instead']}." for one in missed)]


class _ReadOnly(ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(ProcedureVersion)
class ProcedureVersionAdmin(_ReadOnly):
    list_display = (
        "procedure",
        "number",
        "state",
        "passed_in_words",
        "tested_at",
        "published_at",
        "by",
    )
    list_filter = ("state", "procedure")
    list_select_related = ("procedure", "by")
    fields = (
        "procedure", "number", "state", "by", "published_at", "override", "tested_in_words",
        "changes", "text", "tests",
    )  # fmt: skip
    when_empty = "Each text of a procedure is kept here."

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProcedureVersion]:
        rows: QuerySet[ProcedureVersion] = super().get_queryset(request)
        return rows.defer("text", "tests", "vectors")

    @display(description="tests")
    def passed_in_words(self, version: ProcedureVersion) -> str:
        return _passed(version)

    @display(description="what its tests said")
    def tested_in_words(self, version: ProcedureVersion) -> str:
        return result_in_words(version)

    @display(description="changed since the version before")
    def changes(self, version: ProcedureVersion) -> str:
        before = ProcedureVersion.objects.filter(
            procedure=version.procedure_id, number__lt=version.number
        ).first()
        if before is None:
            return "It is the first."
        lines = unified_diff(
            before.text.splitlines(), version.text.splitlines(), f"version {before.number}",
            f"version {version.number}", lineterm="",
        )  # fmt: skip
        return "\n".join(lines) or "Nothing but its tests."


@admin.register(ProcedureRun)
class ProcedureRunAdmin(_ReadOnly):
    list_display = ("started_at", "of", "state", "reason", "step_line", "conversation", "ended_at")
    list_filter = ("state", "version__procedure")
    list_select_related = ("version__procedure", "conversation")
    fields = (
        "of", "conversation", "state", "reason", "step_line", "started_at", "updated_at",
        "ended_at", "called",
    )  # fmt: skip
    show_full_result_count = False
    when_empty = "Each customer whom the bot takes through a procedure is noted here."

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProcedureRun]:
        rows: QuerySet[ProcedureRun] = super().get_queryset(request)
        heavy = ("text", "tests", "vectors", "result")
        return rows.select_related("version").defer(
            "data", "outbox", *(f"version__{one}" for one in heavy)
        )

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.has_perm(_SEE_ALL) and super().has_view_permission(request, obj)

    @display(description="procedure")
    def of(self, run: ProcedureRun) -> str:
        return f"{run.version.procedure} (version {run.version.number})"

    @display(description="calls")
    def called(self, run: ProcedureRun) -> str:
        return (
            "\n".join(
                f"{one.number}. {one.action}: {one.outcome or 'sent'} ({one.attempts} × sent, HTTP {one.status or '–'})"
                for one in run.calls.all()
            )
            or "None."
        )


class ConnectionForm(forms.ModelForm):  # type: ignore[type-arg]
    new_secret = forms.CharField(
        label="Secret", required=False, strip=True, max_length=2_000,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
        help_text="Left empty, it stays as it is. env:CONNECTION_… names a variable of the environment.",
    )  # fmt: skip

    class Meta:
        model = Connection
        fields = ("key",)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("auth") in {"basic", "header"} and not said.get("user"):
            self.add_error("user", "Name the user, or the header.")
        before, now = self.initial.get("base_url", ""), said.get("base_url")
        kept = self.instance.secret and not said.get("new_secret")
        if kept and now and is_elsewhere(now, before):
            self.add_error("new_secret", ELSEWHERE)
        if said.get("new_secret"):
            try:
                self.instance.set_secret(said["new_secret"])
            except ValidationError as problem:
                self.add_error("new_secret", problem)
        return said


@admin.register(Connection)
class ConnectionAdmin(ModelAdmin):
    form = ConnectionForm
    list_display = ("key", "base_url", "auth", "has_secret", "is_own", "is_active")
    fields = ("key", "base_url", "auth", "user", "new_secret", "is_own", "is_active")
    search_fields = ("key", "base_url")
    when_empty = "Where the actions of procedures go: an address, and how to be let in."

    @display(description="secret")
    def has_secret(self, connection: Connection) -> str:
        return connection.secret_shown or "–"
