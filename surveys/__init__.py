"""The surveys floor: campaigns that ask 0 to 10 and why, who was invited, what they answered, and the scores."""
