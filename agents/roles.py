"""Who may do what: a role is a group with these permissions, and nothing else."""

from django.contrib.auth.models import Group, Permission

ADMIN, MANAGER, LEAD, AGENT = "admin", "manager", "lead", "agent"

_AGENT = {
    "conversations.answer_conversations",
    "conversations.view_conversation",
    "conversations.view_customer",
    "conversations.change_customer",
    "conversations.view_company",
    "conversations.add_company",
    "conversations.change_company",
    "bots.view_article",
}
# Whoever leads a team: the same as an agent, and supervises what its queues bring.
_LEAD = _AGENT | {
    "assist.override_outgoing",
    "bots.view_bottrace",
    "conversations.supervise_conversations",
    "agents.view_team",
    "agents.view_queue",
    "agents.view_presence",
    "agents.view_presencechange",
}
_MANAGER = (
    _LEAD
    | {
        "conversations.see_all_conversations",
        "conversations.supervise_conversations",
        "conversations.block_customers",
        "conversations.delete_company",
        "conversations.change_callback",
        "conversations.view_callback",
        "callbacks.view_call",
        "callbacks.view_callrules",
        "callbacks.add_callrules",
        "callbacks.change_callrules",
        "callbacks.view_callfit",
        "callbacks.change_callfit",
        "conversations.view_rating",
        "conversations.view_event",
        "conversations.view_message",
        "conversations.view_handoff",
        # Accounts too, as far as these may do no more than they: agents/admin/accounts.py.
        "agents.view_agent",
        "agents.add_agent",
        "agents.change_agent",
        "agents.view_queue",
        "agents.add_queue",
        "agents.change_queue",
        "agents.view_team",
        "agents.add_team",
        "agents.change_team",
        "agents.delete_team",
        "agents.view_presence",
        "agents.view_supervisionsession",
        "agents.view_datarequest",
        "agents.export_customers",
        "agents.erase_customers",
        "agents.view_presencechange",
        "agents.view_offer",
        "agents.view_assignment",
        "agents.view_cannedreply",
        "agents.add_cannedreply",
        "agents.change_cannedreply",
        "agents.delete_cannedreply",
        "agents.view_macro",
        "agents.add_macro",
        "agents.change_macro",
        "agents.delete_macro",
        "bots.add_article",
        "bots.change_article",
        "bots.delete_article",
        "bots.publish_article",
        "bots.reveal_trace",
        "bots.override_replay",
        "bots.view_procedure",
        "bots.add_procedure",
        "bots.change_procedure",
        "bots.publish_procedure",
        "bots.view_procedureversion",
        "bots.view_procedurerun",
        "bots.view_replayrule",
        "bots.change_replayrule",
        "bots.view_adapter",
        "bots.adopt_adapter",
        "bots.view_refit",
        "bots.view_feelingappeal",
        "bots.change_feelingappeal",
        "bots.view_trainingrun",
        "bots.view_trainingexample",
        "bots.change_trainingexample",
        "bots.view_gap",
        "bots.change_gap",
        "bots.view_learnedpair",
        "bots.change_learnedpair",
        "bots.view_articlepair",
        "bots.change_articlepair",
        "analytics.see_reports",
        "satisfaction.view_forecast",
        "satisfaction.view_fit",
        "satisfaction.change_fit",
        "surveys.view_invitation",
        "surveys.view_reply",
        "surveys.view_review",
        "surveys.change_review",
        "assist.view_suggestion",
        "recommendations.view_showing",
        "recommendations.view_servedmodel",
        "recommendations.adopt_recommender",
        "recommendations.view_offerrules",
        "recommendations.add_offerrules",
        "recommendations.change_offerrules",
        "assist.view_sentanyway",
        "assist.view_outgoingrule",
        "assist.add_outgoingrule",
        "assist.change_outgoingrule",
        "assist.delete_outgoingrule",
        "quality.see_scores",
        "quality.score_conversations",
        "quality.view_scorecard",
        "quality.add_scorecard",
        "quality.change_scorecard",
        "quality.view_score",
        "quality.view_reviewtask",
        "quality.view_appeal",
        "quality.view_reliability",
        "topics.view_topic",
        "topics.change_topic",
    }
    | {
        f"conversations.{verb}_{noun}"
        for verb in ("add", "change", "delete", "view")
        for noun in ("label", "attributedefinition", "checklisttemplate")
    }
    | {
        f"surveys.{verb}_{noun}"
        for verb in ("add", "change", "delete", "view")
        for noun in ("survey", "question")
    }
    | {
        f"recommendations.{verb}_{noun}"
        for verb in ("add", "change", "delete", "view")
        for noun in ("item", "segment")
    }
    | {
        f"bots.{verb}_{noun}"
        for verb in ("add", "change", "delete", "view")
        for noun in (
            "botprofile",
            "botkeyword",
            "botguideline",
            "botfixedanswer",
            "category",
            "categoryname",
            "synonyms",
            "stopword",
            "searchweights",
        )
    }
    | {
        # How work is handed out is theirs, too: rules, skills, hours, and what agents choose from.
        f"agents.{verb}_{noun}"
        for verb in ("add", "change", "delete", "view")
        for noun in (
            "policy",
            "skill",
            "agentskill",
            "schedule",
            "openinghours",
            "holiday",
            "wrapupcode",
            "statereason",
        )
    }
)
ROLES: dict[str, set[str]] = {ADMIN: set(), MANAGER: _MANAGER, LEAD: _LEAD, AGENT: _AGENT}
_OURS = (
    "inboxes",
    "conversations",
    "bots",
    "agents",
    "assist",
    "callbacks",
    "surveys",
    "analytics",
    "quality",
    "satisfaction",
    "topics",
    "recommendations",
    "demo",
    "admin",
)


def ensure_roles() -> None:
    """Makes the groups and gives each at least its permissions; never takes any away."""
    known = {
        f"{p.content_type.app_label}.{p.codename}": p
        for p in Permission.objects.select_related("content_type")
    }
    everything = {name for name in known if name.split(".")[0] in _OURS}
    for role, wanted in ROLES.items():
        group, _ = Group.objects.get_or_create(name=role)
        names = everything if role == ADMIN else wanted
        group.permissions.add(*(known[name] for name in names if name in known))
