"""Early-adopter programs: who tries a product first, what they found, and what it brought."""
