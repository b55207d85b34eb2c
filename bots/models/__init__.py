from bots.models.adapter import Adapter, ShadowAnswer
from bots.models.article import Article, Member, Reader, Readership, Visibility
from bots.models.asked import Asked, LearningProgress
from bots.models.category import Category, CategoryName
from bots.models.connection import Connection
from bots.models.draft import Draft, Words
from bots.models.example import TrainingExample
from bots.models.feeling import FeelingAppeal, MessageFeeling
from bots.models.gap import Gap, GapSearch
from bots.models.learned import ArticleCheck, ArticlePair, LearnedPair
from bots.models.passage import Passage
from bots.models.procedure import ActionCall, Procedure, ProcedureRun, ProcedureVersion
from bots.models.profile import BotFixedAnswer, BotGuideline, BotKeyword, BotProfile
from bots.models.reading import ArticleDay, Place, SearchDay
from bots.models.refit import Refit
from bots.models.replay import Replay, ReplayedQuestion, ReplayRule
from bots.models.source import Import, SourceArticle, SourceFile
from bots.models.trace import BotRerun, BotTrace
from bots.models.training import TrainingRun
from bots.models.usage import BotUsage
from bots.models.version import Version
from bots.models.vote import Vote
from bots.models.words import SearchWeights, StopWord, Synonyms

__all__ = [
    "ActionCall",
    "Adapter",
    "Article",
    "ArticleCheck",
    "ArticleDay",
    "ArticlePair",
    "Asked",
    "BotFixedAnswer",
    "BotGuideline",
    "BotKeyword",
    "BotProfile",
    "BotRerun",
    "BotTrace",
    "BotUsage",
    "Category",
    "CategoryName",
    "Connection",
    "Draft",
    "FeelingAppeal",
    "Gap",
    "GapSearch",
    "Import",
    "LearnedPair",
    "LearningProgress",
    "Member",
    "MessageFeeling",
    "Passage",
    "Place",
    "Procedure",
    "ProcedureRun",
    "ProcedureVersion",
    "Reader",
    "Readership",
    "Refit",
    "Replay",
    "ReplayRule",
    "ReplayedQuestion",
    "SearchDay",
    "SearchWeights",
    "ShadowAnswer",
    "SourceArticle",
    "SourceFile",
    "StopWord",
    "Synonyms",
    "TrainingExample",
    "TrainingRun",
    "Version",
    "Visibility",
    "Vote",
    "Words",
]
