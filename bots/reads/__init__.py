"""What pages, doors and tasks read of the bot's own records; nothing is written here."""
