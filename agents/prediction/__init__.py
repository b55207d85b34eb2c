"""Chances learnt from a table of what happened before: read, fitted, chosen, calibrated, explained, kept.

Pure: no Django, no database, no clock. Whoever has rows in time order and a yes/no outcome can use it.
"""
