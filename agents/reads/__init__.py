"""What doors, pages and tasks of the people's side read; nothing is written here."""
