"""Teaching the language model from answers that were good: examples in, an adapter with its card out.

Nothing here knows the database or torch; `bots.language.local_training` computes, in a process of its own.
"""
