"""Links of Django admin that more than one page has."""

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from conversations.models import Conversation


def link_to(conversation: Conversation) -> str:
    """To the conversation, by when it was opened."""
    address = reverse("admin:conversations_conversation_change", args=[conversation.pk])
    opened = timezone.localtime(conversation.opened_at)
    return format_html('<a class="way" href="{}">{}</a>', address, f"{opened:%Y-%m-%d %H:%M}")
