"""One step of a procedure: a state and what happened → the next state and what it wants."""
