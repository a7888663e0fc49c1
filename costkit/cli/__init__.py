"""Flags in, one exit code out. The only folder that prints."""
