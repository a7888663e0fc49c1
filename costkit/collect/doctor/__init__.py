"""What `costkit doctor` looks at, before any work is done."""
