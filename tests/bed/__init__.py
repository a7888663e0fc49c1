"""A test bed of real servers on loopback: a Kubernetes control plane, kwok's nodes, Karpenter and Prometheus.

`components` says what is built, `build` builds it (`make bed`), `tools` finds it. `cluster` and `prometheus` start it;
`scene` describes the past, `exposition` writes it down for Prometheus, `live` takes it from a running cluster.
`fixtures` hands it all to pytest. A kubelet and kube-state-metrics cannot run here: `exposition` stands in for them.
"""
