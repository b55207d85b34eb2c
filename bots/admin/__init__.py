from bots.admin.adapters import AdapterAdmin
from bots.admin.articles import ArticleAdmin
from bots.admin.categories import CategoryAdmin
from bots.admin.examples import TrainingExampleAdmin
from bots.admin.feelings import FeelingAppealAdmin
from bots.admin.gaps import GapAdmin
from bots.admin.imports import ImportAdmin
from bots.admin.learned import ArticlePairAdmin, LearnedPairAdmin
from bots.admin.procedures import (
    ConnectionAdmin,
    ProcedureAdmin,
    ProcedureRunAdmin,
    ProcedureVersionAdmin,
)
from bots.admin.profiles import BotProfileAdmin
from bots.admin.refits import RefitAdmin
from bots.admin.replay_lists import ReplayAdmin, ReplayRuleAdmin
from bots.admin.traces import BotTraceAdmin
from bots.admin.trainings import TrainingRunAdmin
from bots.admin.words import SearchWeightsAdmin, StopWordAdmin, SynonymsAdmin

__all__ = [
    "AdapterAdmin",
    "ArticleAdmin",
    "ArticlePairAdmin",
    "BotProfileAdmin",
    "BotTraceAdmin",
    "CategoryAdmin",
    "ConnectionAdmin",
    "FeelingAppealAdmin",
    "GapAdmin",
    "ImportAdmin",
    "LearnedPairAdmin",
    "ProcedureAdmin",
    "ProcedureRunAdmin",
    "ProcedureVersionAdmin",
    "RefitAdmin",
    "ReplayAdmin",
    "ReplayRuleAdmin",
    "SearchWeightsAdmin",
    "StopWordAdmin",
    "SynonymsAdmin",
    "TrainingExampleAdmin",
    "TrainingRunAdmin",
]
