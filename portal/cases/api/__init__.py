"""Cases for programs: every flow's list, case, steps and chain, from the same law and the same forms as the pages."""
