"""How programs and the portal talk: forms as JSON, strict reading, cursor pages, and what each address says of itself."""
