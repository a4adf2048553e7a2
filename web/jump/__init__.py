"""The command box: jump to a promoter, a customer, a request or a story by a few letters."""
