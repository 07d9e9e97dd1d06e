"""How things stand: named figures, summed up the unit tree."""
