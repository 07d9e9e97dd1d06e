"""How the ledger is proved, from the inside out: one chain, a walk over all of them, the seals, the whole."""
