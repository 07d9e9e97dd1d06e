"""Tables people take with them: Excel out, made of plain rows by one writer."""
