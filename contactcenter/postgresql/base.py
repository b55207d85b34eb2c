"""Django's PostgreSQL backend, whose pooled connections are looked at before use without a round trip.

Django asks each one a question first (`CONN_HEALTH_CHECKS`): a round trip for everything that touches the
database. A server that went away has closed its end, and the kernel knows that.
"""

import select
from typing import Any

import psycopg
from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        while self.pool and not is_alive(connection):
            connection.close()
            self.pool.putconn(connection)  # replaced by a new one
            connection = super().get_new_connection(conn_params)
        return connection


def is_alive(connection: psycopg.Connection[Any]) -> bool:
    """Whether a resting connection still has a server: asked only where something has come on it that nobody
    asked for, a farewell or a notice."""
    if connection.closed:
        return False
    look = select.poll()
    look.register(connection.fileno(), select.POLLIN)
    if not look.poll(0):
        return True
    try:
        connection.execute("")
    except psycopg.Error:
        return False
    return True
