"""What in a container sizes itself by its limits: take one away, and it takes the whole node for its own."""

import re

from costkit.model.pods import ContainerSpec

_JVM = re.compile(
    r"(^|[-_.])(java|jdk|jre|openjdk|temurin|corretto|zulu|tomcat|jetty|wildfly|jboss|jenkins|keycloak|kafka|zookeeper"
    r"|cassandra|elasticsearch|opensearch|logstash|solr|neo4j|spark|flink|hadoop|activemq|nexus3?|sonarqube)\d*($|[-_.])"
)
"""Words of image names. A JVM counts its processors, and so its threads and its collector, by the CPU limit."""


def limit_reader(spec: ContainerSpec | None) -> str:
    """The flag or the downward reference that says so, else `a JVM` by its image; empty where nothing does."""
    if spec is None:
        return ""
    name = spec.image.rpartition("/")[2].partition("@")[0]
    if spec.reads_cpu_limit:
        return "resourceFieldRef"
    return spec.memory_reader or ("a JVM" if _JVM.search(name.replace(":", "-").lower()) else "")
