"""Today's two numbers for the wall of the people's side, by the reports' own definitions."""

from datetime import datetime

from agents.reads.wall import Today
from analytics.period import preset
from analytics.reports.bot import bot_share
from analytics.reports.satisfaction import satisfaction
from analytics.reports.scope import Scope


def today(at: datetime) -> Today:
    scope = Scope(preset("today", at=at), at)
    bot, scores = bot_share(scope), satisfaction(scope).total
    return Today(bot.share, bot.conversations, scores.average, scores.answers)
