"""The letters of advocacy, by noun; each module registers its own."""
