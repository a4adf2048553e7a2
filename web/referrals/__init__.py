"""Referrals on pages: the list, one with its checks, chains, what they are worth, fraud flags, and the public link."""
