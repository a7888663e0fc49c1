import pytest

from costkit.model.objects import Service, StorageClass, Volume
from costkit.model.pods import Meta
from costkit.model.quantities import GIBIBYTE
from costkit.price.allocate import allocate
from tests.price.clusters import BOOK, START, of, snapshot

UNIT = 0.00005479452 * 730


def monthly(driver, parameters=None, volume_rows=()):
    """Of one volume of 100 GiB."""
    volume = Volume(Meta("pv"), 100.0 * GIBIBYTE, "fast", "Bound", "shop/data", "Delete", driver)
    classes = () if parameters is None else (StorageClass(Meta("fast"), driver, parameters),)
    observed = snapshot(volumes=[volume], storage_classes=classes, volume_rows=volume_rows)
    return allocate(observed, of(), BOOK).books.volumes


@pytest.mark.parametrize(
    ("driver", "parameters", "per_gib"),
    [
        ("ebs.csi.aws.com", {"type": "gp3"}, 0.08),
        ("ebs.csi.aws.com", {"type": "gp2"}, 0.10),
        ("ebs.csi.aws.com", {}, 0.08),
        ("kubernetes.io/aws-ebs", None, 0.08),
        ("ebs.csi.aws.com", {"type": "io2"}, UNIT),
        ("pd.csi.storage.gke.io", {"type": "pd-balanced"}, 0.10),
        ("pd.csi.storage.gke.io", {"type": "pd-ssd"}, 0.17),
        ("pd.csi.storage.gke.io", {"type": "pd-standard"}, 0.04),
        ("disk.csi.azure.com", {"skuName": "Premium_LRS"}, 0.132),
        ("disk.csi.azure.com", {"skuName": "standardssd_lrs"}, 0.075),
        ("csi.example.org", {}, UNIT),
        ("rook-ceph.rbd.csi.ceph.com", {}, 0.0),
        ("driver.longhorn.io", None, 0.0),
    ],
)
def test_a_volume_is_priced_by_provisioner_and_type(driver, parameters, per_gib):
    assert monthly(driver, parameters) == pytest.approx(100 * per_gib, abs=0.01)


def test_shares_that_bill_use_are_priced_by_the_bytes_used():
    used = {"day": START, "namespace": "shop", "claim": "data", "used": 10.0 * GIBIBYTE}

    assert monthly("efs.csi.aws.com", {}, [used]) == pytest.approx(10 * UNIT, abs=0.01)
    assert monthly("efs.csi.aws.com", {}) == 0


def test_a_volume_that_does_not_name_its_driver_has_its_classes():
    """A share that bills use was priced by its size where only its class says what it is."""
    shared = Volume(Meta("pv"), 100.0 * GIBIBYTE, "fast", "Bound", "shop/data")
    efs = StorageClass(Meta("fast"), "efs.csi.aws.com")
    used = {"day": START, "namespace": "shop", "claim": "data", "used": 10.0 * GIBIBYTE}
    observed = snapshot(volumes=[shared], storage_classes=[efs], volume_rows=[used])

    assert allocate(observed, of(), BOOK).books.volumes == pytest.approx(10 * UNIT, abs=0.01)


def test_only_services_of_type_load_balancer_cost():
    services = [Service(Meta("a"), "LoadBalancer"), Service(Meta("b"), "LoadBalancer"), Service(Meta("c"))]

    assert allocate(snapshot(services=services), of(), BOOK).books.load_balancers == pytest.approx(36.50)
