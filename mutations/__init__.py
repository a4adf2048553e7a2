"""Mutation tests of the pure modules: `make mutate`."""
