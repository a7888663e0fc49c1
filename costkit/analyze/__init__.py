"""Snapshots become facts here: samples to sketches, sketches to profiles, signals to evidence. Pure."""
