"""The demo district 青禾县: its places, its people, and weeks of their life, lived day by day through everybody's actions."""
