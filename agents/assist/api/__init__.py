"""Help for agents over HTTP."""
