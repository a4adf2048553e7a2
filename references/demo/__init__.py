"""The demonstration program: an invented company, Halvenor, its customers, promoters, ledger, stories and slots."""

SEED = 20_240_229
COMPANY = "Halvenor"
PREFIX = "demo:"
"""Every external id and ledger source of the program begins with it, so that it is loaded once."""
