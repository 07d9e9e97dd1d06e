"""The API as a whole: its addresses, who asks, how refusals look, and its own description."""
