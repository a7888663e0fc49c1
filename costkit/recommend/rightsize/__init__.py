"""Requests and limits from what was used."""
