"""Measures RefProgram on synthetic pools, beside peers that do the same work: `make bench`."""
