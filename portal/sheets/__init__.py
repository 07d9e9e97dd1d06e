"""Tables people take with them and bring along: Excel out by one writer, Excel in judged line by line."""
