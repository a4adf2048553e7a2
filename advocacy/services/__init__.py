"""The verbs that write advocacy: keyword-only, atomic, refusing with DomainError."""
