"""Rules as rows, skills, hours, wrap-up codes, and every change of presence."""

import agents.models.hours
import django.db.models.deletion
import django.db.models.functions.text
import uuid
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

# What an agent could say so far, now as rows that a company may change.
_CODES = (("solved", "Solved"), ("not_solved", "Not solved"), ("spam", "Spam"), ("other", "Other"))
_REASONS = (("Break", False), ("Lunch", False), ("Meeting", True), ("Training", True))


def add_codes(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    codes = apps.get_model("agents", "WrapUpCode").objects
    for position, (code, name) in enumerate(_CODES, start=1):
        codes.create(code=code, name=name, position=position, is_default=code == "other")
    reasons = apps.get_model("agents", "StateReason").objects
    for name, is_work in _REASONS:
        reasons.create(name=name, is_work=is_work)


class Migration(migrations.Migration):
    dependencies = [
        ("agents", "0004_tools"),
        ("inboxes", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="AgentSkill",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("level", models.PositiveSmallIntegerField(default=3)),
            ],
            options={
                "ordering": ["agent", "skill"],
            },
        ),
        migrations.CreateModel(
            name="Holiday",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("name", models.CharField(blank=True, max_length=80)),
                (
                    "opens",
                    models.TimeField(blank=True, help_text="Empty: closed all day.", null=True),
                ),
                ("closes", models.TimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["schedule", "day", "opens"],
            },
        ),
        migrations.CreateModel(
            name="OpeningHours",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "Monday"),
                            (1, "Tuesday"),
                            (2, "Wednesday"),
                            (3, "Thursday"),
                            (4, "Friday"),
                            (5, "Saturday"),
                            (6, "Sunday"),
                        ]
                    ),
                ),
                ("opens", models.TimeField()),
                ("closes", models.TimeField(help_text="The same as opens: the whole day.")),
            ],
            options={
                "verbose_name_plural": "opening hours",
                "ordering": ["schedule", "weekday", "opens"],
            },
        ),
        migrations.CreateModel(
            name="Policy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "rule",
                    models.CharField(
                        choices=[
                            ("mode", "mode"),
                            ("choose", "choose"),
                            ("order", "order"),
                            ("priority_minutes", "priority_minutes"),
                            ("sla_seconds", "sla_seconds"),
                            ("weights", "weights"),
                            ("channel_capacity", "channel_capacity"),
                            ("open_limit", "open_limit"),
                            ("stale_after", "stale_after"),
                            ("misses_until_away", "misses_until_away"),
                            ("refused_seconds", "refused_seconds"),
                            ("answer_seconds", "answer_seconds"),
                            ("fairness", "fairness"),
                            ("sticky", "sticky"),
                            ("language", "language"),
                            ("skills", "skills"),
                            ("overflow", "overflow"),
                            ("limit", "limit"),
                            ("waiting_messages", "waiting_messages"),
                            ("max_wait", "max_wait"),
                            ("hours", "hours"),
                            ("closed_text", "closed_text"),
                            ("auto_resolve", "auto_resolve"),
                            ("wrap_up", "wrap_up"),
                            ("webhook", "webhook"),
                            ("explore", "explore"),
                            ("monitor_visible", "monitor_visible"),
                        ],
                        max_length=40,
                    ),
                ),
                (
                    "value",
                    models.JSONField(
                        help_text="What the rule says, in its own form; see the list of rules."
                    ),
                ),
                (
                    "channel",
                    models.CharField(blank=True, help_text="Such as web or email.", max_length=16),
                ),
            ],
            options={
                "verbose_name_plural": "policies",
                "ordering": ["rule", "pk"],
            },
        ),
        migrations.CreateModel(
            name="PresenceChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("online", "Online"), ("away", "Away"), ("offline", "Offline")],
                        max_length=8,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=60)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Schedule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=80, unique=True)),
                (
                    "time_zone",
                    models.CharField(
                        default="UTC",
                        max_length=64,
                        validators=[agents.models.hours.check_time_zone],
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Skill",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "name",
                    models.CharField(
                        help_text="Lower case; rules name it.", max_length=80, unique=True
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="StateReason",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, unique=True)),
                (
                    "status",
                    models.CharField(
                        choices=[("online", "Online"), ("away", "Away"), ("offline", "Offline")],
                        default="away",
                        max_length=8,
                    ),
                ),
                (
                    "is_work",
                    models.BooleanField(
                        default=False, help_text="Counts as worked time in reports."
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="WrapUpCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.SlugField(help_text="What programs see.", max_length=40, unique=True),
                ),
                ("name", models.CharField(help_text="What agents see.", max_length=80)),
                (
                    "is_default",
                    models.BooleanField(
                        default=False, help_text="Taken when the time for wrapping up runs out."
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
                ("position", models.PositiveSmallIntegerField(default=100)),
            ],
            options={
                "verbose_name": "wrap-up code",
                "ordering": ["position", "name"],
            },
        ),
        migrations.AddField(
            model_name="assignment",
            name="how",
            field=models.CharField(
                default="claimed",
                help_text="accepted, claimed, transferred, reopened, …",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="why",
            field=models.JSONField(default=dict, help_text="The decision that led to it."),
        ),
        migrations.AddField(
            model_name="presence",
            name="freed_at",
            field=models.DateTimeField(
                blank=True, help_text="When their last conversation ended.", null=True
            ),
        ),
        migrations.AddField(
            model_name="presence",
            name="last_offered_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="presence",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["online", "away", "offline"])),
                name="presence_is_known",
            ),
        ),
        migrations.AddField(
            model_name="agentskill",
            name="agent",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="skills",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="policy",
            name="agent",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="policies",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="policy",
            name="inbox",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="policies",
                to="inboxes.inbox",
            ),
        ),
        migrations.AddField(
            model_name="policy",
            name="queue",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="policies",
                to="agents.queue",
            ),
        ),
        migrations.AddField(
            model_name="policy",
            name="team",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="policies",
                to="agents.team",
            ),
        ),
        migrations.AddField(
            model_name="presencechange",
            name="agent",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="presence_changes",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="presencechange",
            name="set_by",
            field=models.ForeignKey(
                blank=True,
                help_text="Empty: the agent, or the system.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="openinghours",
            name="schedule",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="opening_hours",
                to="agents.schedule",
            ),
        ),
        migrations.AddField(
            model_name="holiday",
            name="schedule",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="holidays",
                to="agents.schedule",
            ),
        ),
        migrations.AddConstraint(
            model_name="skill",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", django.db.models.functions.text.Lower("name"))),
                name="skills_are_lower_case",
            ),
        ),
        migrations.AddField(
            model_name="agentskill",
            name="skill",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="holders",
                to="agents.skill",
            ),
        ),
        migrations.AddField(
            model_name="wrapupcode",
            name="queues",
            field=models.ManyToManyField(
                blank=True,
                help_text="None: every queue.",
                related_name="wrap_up_codes",
                to="agents.queue",
            ),
        ),
        migrations.AddConstraint(
            model_name="policy",
            constraint=models.UniqueConstraint(
                fields=("rule", "agent", "queue", "team", "inbox", "channel"),
                name="one_value_per_rule_and_place",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="policy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("agent", None), ("inbox", None), ("queue", None), ("team", None)),
                    models.Q(("channel", ""), ("inbox", None), ("queue", None), ("team", None)),
                    models.Q(("agent", None), ("channel", ""), ("inbox", None), ("team", None)),
                    models.Q(("agent", None), ("channel", ""), ("inbox", None), ("queue", None)),
                    models.Q(("agent", None), ("channel", ""), ("queue", None), ("team", None)),
                    _connector="OR",
                ),
                name="a_policy_names_one_place_at_most",
            ),
        ),
        migrations.AddIndex(
            model_name="presencechange",
            index=models.Index(fields=["agent", "since"], name="presence_change_day"),
        ),
        migrations.AddConstraint(
            model_name="presencechange",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until__isnull", True)),
                fields=("agent",),
                name="one_state_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="openinghours",
            constraint=models.UniqueConstraint(
                fields=("schedule", "weekday", "opens"), name="one_opening_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="openinghours",
            constraint=models.CheckConstraint(
                condition=models.Q(("weekday__gte", 0), ("weekday__lte", 6)),
                name="a_week_has_seven_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="holiday",
            constraint=models.UniqueConstraint(
                fields=("schedule", "day", "opens"),
                name="one_holiday_opening_at_a_time",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="holiday",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closes__isnull", True), ("opens__isnull", True)),
                    models.Q(("closes__isnull", False), ("opens__isnull", False)),
                    _connector="OR",
                ),
                name="a_holiday_opens_and_closes",
            ),
        ),
        migrations.AddConstraint(
            model_name="agentskill",
            constraint=models.UniqueConstraint(
                fields=("agent", "skill"), name="one_level_per_skill"
            ),
        ),
        migrations.AddConstraint(
            model_name="agentskill",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__gte", 1), ("level__lte", 5)), name="level_is_1_to_5"
            ),
        ),
        migrations.AddConstraint(
            model_name="wrapupcode",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_default", True)),
                fields=("is_default",),
                name="one_default_code",
            ),
        ),
        migrations.RunPython(add_codes, migrations.RunPython.noop),
    ]
