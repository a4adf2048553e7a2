"""The salesperson's home: paste a deal, see who to ask, why, and who not."""
