"""What decides about offers, without a database."""
