"""What the knowledge base learns from its own log: pure rules, without a database."""
