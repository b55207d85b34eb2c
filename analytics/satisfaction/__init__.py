"""How satisfied customers probably were who said nothing: a chance with its interval for every conversation
that is over, and what the ratings would be if everybody had answered."""
