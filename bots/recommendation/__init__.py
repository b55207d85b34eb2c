"""What a customer is likely to want next, from what all customers did: events in, a model with its card out.

Nothing here knows the database. `local_*` train with torch; what serves needs numpy alone.
"""
