"""The advocacy of the demonstration program: asks, points, rewards, referrals, recovery and early adopters."""
