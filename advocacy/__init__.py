"""The advocacy floor: asks and their ladder, points and rewards, referrals, recovery plays, early-adopter programs."""
