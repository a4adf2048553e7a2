"""The pool on pages: its list, a promoter's profile, customers, and the forms that log what happened."""
