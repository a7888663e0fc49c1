"""What Kubernetes means, as pure functions of the model. No word of costkit's own belongs here."""
