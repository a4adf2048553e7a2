"""Rewards on pages: the catalogue, what may be given to whom, and what people asked for."""
