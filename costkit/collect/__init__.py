"""The outside world becomes model types here, and nowhere else. Nothing in it writes."""
