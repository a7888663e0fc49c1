"""What sizes itself by its limits, by its flags or by its image."""

import pytest

from costkit.analyze.readers import limit_reader
from tests.analyze.clusters import spec


@pytest.mark.parametrize("reader", ["MaxRAMPercentage", "GOMEMLIMIT", "resourceFieldRef"])
def test_a_flag_or_a_downward_reference_is_named(reader):
    assert limit_reader(spec(memory_reader=reader)) == reader


@pytest.mark.parametrize(
    "image",
    [
        "eclipse-temurin:21-jre",
        "r.io:5000/shop/api:1-jdk17",
        "docker.elastic.co/elasticsearch/elasticsearch:8.1",
        "confluentinc/cp-kafka@sha256:0",
        "openjdk8",
        "shop/java-base",
    ],
)
def test_a_jvm_is_told_by_its_image(image):
    assert limit_reader(spec(image=image)) == "a JVM"


@pytest.mark.parametrize("image", ["shop/api:1", "javascript-app:2", "java/web:1", "jdkless:1", "spark2go:1", ""])
def test_other_images_are_none(image):
    assert limit_reader(spec(image=image)) == ""


def test_of_no_container_nothing_is_read():
    assert limit_reader(None) == ""
