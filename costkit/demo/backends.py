"""The rows of the teams that serve other teams, in production: data, machine learning, platform.

The rows stand as in a table, a workload to a few lines: that is why they are kept from the formatter.
"""

from costkit.demo.rows import Autoscale, Batch, Box, Disk, Row
from costkit.model.target import Target

_DATA = {"team": "data", "env": "production", "cost-center": "cc-3010"}
_ML = {"team": "ml-team", "env": "production", "cost-center": "cc-3020"}
_ML_TWIN = {"team": "ML-Team", "env": "production", "costCenter": "cc-3020"}
_PLATFORM = {"team": "platform", "env": "production", "cost-center": "cc-1000"}
_PROMETHEUS = Target("monitoring", "Prometheus", "k8s", "", "monitoring.coreos.com/v1")

# fmt: off
DATA = (
    Row("data", "kafka", "StatefulSet", (
        Box("kafka", "1 6Gi", "3 8Gi", "250m 4.1Gi", "700m 4.6Gi", "apache/kafka:3.9.0"),
    ), replicas=3, shape="diurnal", pool="memory", labels=_DATA, disk=Disk("500Gi", "gp3", 0.55), budget="1"),
    # an HPA on a metric from outside: its replicas do not depend on requests
    Row("data", "events-consumer", "Deployment", (
        Box("consumer", "1 1Gi", "2 2Gi", "90m 420Mi", "480m 560Mi"),
    ), shape="diurnal", pool="spot", labels=_DATA, autoscale=Autoscale(2, 6, "kafka_consumer_lag")),
    Row("data", "clickhouse", "StatefulSet", (
        Box("clickhouse", "2 16Gi", "6 20Gi", "400m 7.5Gi", "1.7 9Gi", "clickhouse/clickhouse-server:24.8"),
    ), shape="office", pool="memory", labels=_DATA, disk=Disk("1Ti", "gp2", 0.37)),
    # a batch on nodes on demand that spot nodes would serve
    Row("data", "spark-etl", "CronJob", (
        Box("executor", "2 6Gi", "2 8Gi", "1.5 3.9Gi", "1.5 3.9Gi"),
    ), pool="compute", labels=_DATA, batch=Batch(24, 1.5, 3.4, pods=2, fails=13)),
    Row("data", "dbt-run", "CronJob", (
        Box("dbt", "500m 1Gi", "1 2Gi", "200m 540Mi", "200m 540Mi"),
    ), labels=_DATA, batch=Batch(6, 0.5, 0.5)),
    # a VPA in mode Auto sizes it already
    Row("data", "warehouse-sync", "Deployment", (
        Box("sync", "300m 640Mi", "1 1Gi", "90m 420Mi", "230m 530Mi"),
    ), replicas=2, shape="diurnal", labels=_DATA, vertical=True),
    Row("data", "airflow-scheduler", "Deployment", (
        Box("scheduler", "1 2Gi", "2 3Gi", "120m 900Mi", "340m 1.1Gi", "apache/airflow:2.10.2"),
    ), shape="spiky", labels=_DATA),
    Row("data", "debezium", "Deployment", (
        Box("connect", "1 3Gi", "2 4Gi", "150m 1.4Gi", "380m 1.7Gi"),
    ), shape="diurnal", labels=_DATA),
    # a pod that no controller would start again
    Row("data", "adhoc-export", "Pod", (
        Box("export", "500m 1Gi", "1 2Gi", "10m 120Mi", "10m 120Mi"),
    ), labels={"team": "data"}),
)

ML = (
    # a GPU that is a quarter used
    Row("ml-platform", "model-server", "Deployment", (
        Box("triton", "3 12Gi", "4 16Gi", "300m 6.2Gi", "1.2 7.4Gi", gpus=1, gpu_use=0.28),
    ), shape="diurnal", pool="gpu", labels=_ML, budget="0"),
    Row("ml-platform", "feature-store", "Deployment", (
        Box("feast", "2 4Gi", "4 6Gi", "100m 1.4Gi", "520m 1.7Gi"),
    ), replicas=3, shape="diurnal", pool="compute", labels=_ML_TWIN, release_days=14),
    # training on demand: a node stands up for it each night
    Row("ml-platform", "train-recommender", "CronJob", (
        Box("train", "6 24Gi", "7 26Gi", "4.8 17Gi", "4.8 17Gi", gpus=1, gpu_use=0.93),
    ), pool="gpu", labels=_ML, batch=Batch(24, 1, 5.5, fails=9)),
    # a custom resource that owns its pods
    Row("ml-platform", "finetune-bert", "PyTorchJob", (
        Box("pytorch", "6 24Gi", "7 26Gi", "3.2 15Gi", "3.2 15Gi", gpus=1, gpu_use=0.81),
    ), pool="gpu", labels=_ML_TWIN, batch=Batch(72, 13, 6.5)),
    Row("ml-platform", "embed-catalog", "Job", (
        Box("embed", "3 4Gi", "3 6Gi", "2.1 2.2Gi", "2.1 2.2Gi"),
    ), pool="compute", labels=_ML, batch=Batch(24, 10, 2.5, fails=7)),
    # a GPU that nobody uses
    Row("ml-platform", "notebook-ana", "StatefulSet", (
        Box("jupyter", "2 8Gi", "3 10Gi", "15m 1.9Gi", "300m 2.4Gi", gpus=1, gpu_use=0.04),
    ), shape="office", zone="Europe/Berlin", pool="notebooks", labels=_ML, disk=Disk("100Gi", "gp2", 0.2)),
    Row("ml-platform", "mlflow", "Deployment", (
        Box("mlflow", "500m 1Gi", "1 2Gi", "20m 410Mi", "90m 480Mi"),
    ), shape="office", labels={**_ML, "app.kubernetes.io/managed-by": "Helm"}, managers=("helm",),
        annotations={"meta.helm.sh/release-name": "mlflow", "meta.helm.sh/release-namespace": "ml-platform"}),
    # no requests at all, and no cost labels
    Row("ml-platform", "label-studio", "Deployment", (
        Box("studio", "- -", "- -", "20m 520Mi", "140m 640Mi"),
    ), shape="office", zone="Europe/Berlin"),
)

PLATFORM = (
    Row("kube-system", "aws-node", "DaemonSet", (
        Box("aws-node", "50m 64Mi", "- 256Mi", "6m 45Mi", "12m 52Mi", "amazon/amazon-k8s-cni:v1.19.0"),
    ), shape="diurnal"),
    Row("kube-system", "kube-proxy", "DaemonSet", (
        Box("kube-proxy", "100m 64Mi", "- 128Mi", "2m 24Mi", "5m 30Mi", "kube-proxy:v1.31.2"),
    ), shape="diurnal"),
    Row("kube-system", "nvidia-device-plugin", "DaemonSet", (
        Box("plugin", "50m 64Mi", "100m 128Mi", "1m 28Mi", "1m 28Mi", "nvidia/k8s-device-plugin:v0.17.0"),
    ), pool="gpu"),
    Row("kube-system", "coredns", "Deployment", (
        Box("coredns", "100m 70Mi", "- 170Mi", "12m 34Mi", "48m 41Mi", "coredns:v1.11.3"),
    ), replicas=2, shape="diurnal", pool="system"),
    Row("kube-system", "karpenter", "Deployment", (
        Box("controller", "1 1Gi", "1 1Gi", "20m 260Mi", "90m 330Mi", "karpenter/controller:1.1.0"),
    ), replicas=2, shape="spiky", pool="system", labels=_PLATFORM, budget="1"),
    Row("platform", "node-exporter", "DaemonSet", (
        Box("node-exporter", "100m 64Mi", "250m 128Mi", "4m 18Mi", "9m 24Mi", "prom/node-exporter:v1.8.2"),
    ), shape="diurnal", labels=_PLATFORM),
    # one size for unequal nodes: it uses four times as much on the largest as on the smallest
    Row("platform", "log-agent", "DaemonSet", (
        Box("fluent-bit", "200m 256Mi", "500m 512Mi", "15m 60Mi", "110m 125Mi", "fluent/fluent-bit:3.1.9"),
    ), shape="diurnal", labels=_PLATFORM, by_node_size=True),
    Row("platform", "ingress-nginx", "Deployment", (
        Box("controller", "500m 512Mi", "- 1Gi", "60m 210Mi", "310m 290Mi", "ingress-nginx/controller:v1.11.3"),
    ), replicas=2, shape="diurnal", labels=_PLATFORM, budget="1"),
    # made by an operator: the size is set in the Prometheus object
    Row("platform", "prometheus-k8s", "StatefulSet", (
        Box("prometheus", "1 8Gi", "2 10Gi", "280m 5.1Gi", "420m 5.9Gi", "prom/prometheus:v3.0.1"),
        Box("config-reloader", "10m 50Mi", "10m 50Mi", "1m 22Mi", "1m 24Mi"),
    ), shape="diurnal", pool="memory", labels=_PLATFORM, disk=Disk("250Gi", "gp3", 0.66), owner=_PROMETHEUS),
    Row("platform", "grafana", "Deployment", (
        Box("grafana", "250m 512Mi", "500m 1Gi", "10m 140Mi", "60m 190Mi", "grafana/grafana:11.3.0"),
    ), shape="office", labels={**_PLATFORM, "app.kubernetes.io/managed-by": "Helm"}, managers=("helm",),
        annotations={"meta.helm.sh/release-name": "grafana", "meta.helm.sh/release-namespace": "platform"}),
    # paid headroom: pause pods that give way to anyone
    Row("platform", "headroom", "Deployment", (
        Box("pause", "1500m 3Gi", "1500m 3Gi", "1m 1Mi", "1m 1Mi", "pause:3.10"),
    ), replicas=2, labels=_PLATFORM, priority=-10),
    Row("platform", "ci-runner", "Deployment", (
        Box("runner", "2 3Gi", "4 6Gi", "20m 310Mi", "1.6 2.2Gi"),
    ), replicas=3, shape="office", pool="spot", labels=_PLATFORM),
)
