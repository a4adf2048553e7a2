"""The verbs that write requests, matches and what follows from them; one module per verb."""
