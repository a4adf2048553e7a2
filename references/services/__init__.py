"""The verbs that write to the pool: keyword-only, inside `pool_write()`, refusing with DomainError."""
