"""Points on pages: accounts and their ledgers, what acts are worth, levels, badges, leaderboards."""
