"""Consents: who allowed what until when, recorded, asked for, superseded and revoked; never edited."""
