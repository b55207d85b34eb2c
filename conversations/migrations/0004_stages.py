"""More states, their moves guarded by the database, and the order of a queue in one column."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# The same table as conversations/lifecycle.py as it stood when this was written.
MOVES = """
CREATE FUNCTION conversations_check_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT (NEW.state = ANY (CASE OLD.state
        WHEN 'bot' THEN ARRAY['queued', 'assigned', 'resolved']
        WHEN 'queued' THEN ARRAY['bot', 'offered', 'assigned', 'resolved', 'abandoned']
        WHEN 'offered' THEN ARRAY['bot', 'queued', 'assigned', 'resolved', 'abandoned']
        WHEN 'assigned' THEN ARRAY['bot', 'queued', 'on_hold', 'snoozed', 'wrap_up', 'resolved']
        WHEN 'on_hold' THEN ARRAY['bot', 'queued', 'assigned', 'snoozed', 'wrap_up', 'resolved']
        WHEN 'snoozed' THEN ARRAY['queued', 'assigned', 'resolved']
        WHEN 'wrap_up' THEN ARRAY['queued', 'assigned', 'resolved']
        WHEN 'resolved' THEN ARRAY['bot', 'queued', 'assigned']
        WHEN 'abandoned' THEN ARRAY['bot', 'queued', 'assigned']
        ELSE ARRAY[]::text[] END))
    THEN
        RAISE EXCEPTION 'a conversation that is % cannot become %', OLD.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'conversation_move_is_allowed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER conversation_move_is_allowed
    BEFORE UPDATE OF state ON conversations_conversation
    FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state)
    EXECUTE FUNCTION conversations_check_move();
"""
NO_MOVES = """
DROP TRIGGER conversation_move_is_allowed ON conversations_conversation;
DROP FUNCTION conversations_check_move();
"""
# What happened is never written again; only who it was may be forgotten with their account.
APPEND_ONLY = """
CREATE FUNCTION conversations_keep_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log is only ever added to'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'the_log_is_append_only';
END $$;
CREATE TRIGGER the_log_is_append_only
    BEFORE UPDATE OF conversation_id, "offset", kind, actor_kind, message_id, data, created_at
    ON conversations_event
    FOR EACH ROW EXECUTE FUNCTION conversations_keep_event();
"""
NOT_APPEND_ONLY = """
DROP TRIGGER the_log_is_append_only ON conversations_event;
DROP FUNCTION conversations_keep_event();
"""
RANKED = """
UPDATE conversations_conversation SET entered_at = queued_at,
    rank_at = queued_at - priority * interval '15 minutes'
WHERE state = 'queued';
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("agents", "0005_routing"),
        ("conversations", "0003_notes_by_time"),
        ("inboxes", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="conversation",
            name="conversation_state_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="conversation",
            name="assigned_means_somebody",
        ),
        migrations.RemoveConstraint(
            model_name="conversation",
            name="queued_means_a_queue_and_nobody",
        ),
        migrations.RemoveConstraint(
            model_name="conversation",
            name="resolved_means_since_when",
        ),
        migrations.RemoveIndex(
            model_name="conversation",
            name="conversation_queue",
        ),
        migrations.AddField(
            model_name="conversation",
            name="answer_seconds",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="The agent answers within this, or it is taken back.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="conversation",
            name="been_in",
            field=models.JSONField(
                blank=True, default=list, help_text="The queues it has waited in this time."
            ),
        ),
        migrations.AddField(
            model_name="conversation",
            name="disposition",
            field=models.CharField(
                blank=True, help_text="The wrap-up code it ended with.", max_length=40
            ),
        ),
        migrations.AddField(
            model_name="conversation",
            name="entered_at",
            field=models.DateTimeField(
                blank=True,
                help_text="Since when in this very queue; `queued_at` is since when at all.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="conversation",
            name="hint_asked_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="conversation",
            name="hinted",
            field=models.ForeignKey(
                blank=True,
                help_text="Whom the company's own program chose.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="conversation",
            name="hops",
            field=models.PositiveSmallIntegerField(
                default=0, help_text="How often it was passed on since it was opened."
            ),
        ),
        migrations.AddField(
            model_name="conversation",
            name="idle_seconds",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="After so long without a word from the customer it ends.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="conversation",
            name="needs",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text='Skills this one needs: [{"skill": "billing", "level": 3}].',
            ),
        ),
        migrations.AddField(
            model_name="conversation",
            name="promised",
            field=models.JSONField(
                blank=True, help_text="The wait we told the customer: {low, high, at}.", null=True
            ),
        ),
        migrations.AddField(
            model_name="conversation",
            name="queue_steps",
            field=models.PositiveSmallIntegerField(
                default=0, help_text="How many of the queue's waiting messages were said."
            ),
        ),
        migrations.AddField(
            model_name="conversation",
            name="rank_at",
            field=models.DateTimeField(
                blank=True,
                help_text="Who comes first: when they joined the queue, moved by their priority.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="conversation",
            name="told_nobody",
            field=models.BooleanField(
                default=False, help_text="They know that nobody is here; said once for each wait."
            ),
        ),
        migrations.AddField(
            model_name="customer",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                help_text="Their contact at the company, who is asked first.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="customers",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="conversation",
            name="state",
            field=models.CharField(
                choices=[
                    ("bot", "With the bot"),
                    ("queued", "Waiting for a person"),
                    ("offered", "Offered to an agent"),
                    ("assigned", "With an agent"),
                    ("on_hold", "On hold"),
                    ("snoozed", "Snoozed"),
                    ("wrap_up", "Being written up"),
                    ("resolved", "Resolved"),
                    ("abandoned", "Left while waiting"),
                ],
                default="bot",
                max_length=12,
            ),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                condition=models.Q(("state", "queued")),
                fields=["queue", "rank_at", "id"],
                name="conversation_in_turn",
            ),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                condition=models.Q(("state__in", ["queued", "offered"])),
                fields=["queue", "rank_at", "id"],
                name="conversation_waiting",
            ),
        ),
        migrations.RunSQL(RANKED, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="conversation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        (
                            "bot",
                            "queued",
                            "offered",
                            "assigned",
                            "on_hold",
                            "snoozed",
                            "wrap_up",
                            "resolved",
                            "abandoned",
                        ),
                    )
                ),
                name="conversation_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="conversation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state__in", ["assigned", "on_hold", "snoozed", "wrap_up"]), _negated=True
                    ),
                    ("assignee__isnull", False),
                    _connector="OR",
                ),
                name="held_means_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="conversation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["queued", "offered"]), _negated=True),
                    models.Q(
                        ("assignee__isnull", True),
                        ("entered_at__isnull", False),
                        ("queue__isnull", False),
                        ("queued_at__isnull", False),
                        ("rank_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="waiting_means_a_queue_and_nobody",
            ),
        ),
        migrations.AddConstraint(
            model_name="conversation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("resolved_at__isnull", False),
                        ("state__in", ["wrap_up", "resolved", "abandoned"]),
                    ),
                    models.Q(
                        models.Q(
                            ("state__in", ["wrap_up", "resolved", "abandoned"]), _negated=True
                        ),
                        ("resolved_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="over_means_since_when",
            ),
        ),
        migrations.RunSQL(MOVES, NO_MOVES),
        migrations.RunSQL(APPEND_ONLY, NOT_APPEND_ONLY),
    ]
