"""Recovery plays on pages: the board, one play with its steps, opening one, and their templates."""
