"""Finds the waste in a Kubernetes cluster and hands over changes that are safe to apply.

The way of the data: collect -> Snapshot -> analyze -> Facts -> recommend -> Findings -> price -> Plan -> report, patch.
`costkit.pipeline` is that line in code; `costkit.model` holds the types that pass along it.
"""

__version__ = "0.1.0"
