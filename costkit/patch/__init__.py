"""A plan as patch files that are safe to apply: for kustomize, for kubectl, and the way back."""
