"""What costkit costs to run, and what it says of real objects. Numbers and commands stand in README.md."""
