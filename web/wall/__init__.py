"""The public wall, its embeds on other sites, and the pages that keep them."""
