"""Who is told: the inbox, and the channels that carry a notice further."""
