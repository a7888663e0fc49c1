"""A made-up ML and web platform: declared in tables, worked out from a seed and the time, seen through a Source."""
