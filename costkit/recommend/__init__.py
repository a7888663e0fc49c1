"""Facts and policies become findings here, one folder a kind; kinds do not know each other. Pure; no money."""
