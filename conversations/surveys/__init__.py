"""Surveys: what customers are asked when it is over, whom, by which way, and what they answered.

Without any survey the chat asks its one question, five faces and a line (`conversations.actions.customer`).
"""
