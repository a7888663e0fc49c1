"""The only code on client libraries: the Kubernetes API and Prometheus. Their errors become costkit's here."""
