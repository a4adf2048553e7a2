"""Finds likely duplicates among customers and among contacts; plain values in, scored pairs with reasons out."""
