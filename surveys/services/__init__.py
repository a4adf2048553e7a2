"""The verbs that write surveys: keyword-only, atomic, refusing with DomainError."""
