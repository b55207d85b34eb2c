"""Who is to be called."""
