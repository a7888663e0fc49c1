"""What was observed, kept: snapshots as single files. Days and runs on object storage come beside them."""
