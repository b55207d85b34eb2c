"""How good the bot is: on questions whose right article is known, and in written conversations."""
