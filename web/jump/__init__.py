"""The command box: jump to a promoter, a customer or a story by a few letters."""
