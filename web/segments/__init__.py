"""Segments on pages: who is likely to buy and to refer, advocates gone quiet, and advocacy by account owner."""
