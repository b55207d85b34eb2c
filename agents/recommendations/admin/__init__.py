from agents.recommendations.admin import catalogue, models, shown  # noqa: F401 -- registered
