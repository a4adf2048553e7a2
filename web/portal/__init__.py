"""The promoter's page, and decisions from a mail: by signed link, without logging in, in the person's language."""
