"""What an operator writes so that the bot does something step by step: the language, and its engine. Pure."""
