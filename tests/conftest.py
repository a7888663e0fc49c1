"""What all tests share: the bed's fixtures, and how long property tests search."""

from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.bed.fixtures", "tests.e2e.stage"]

# Two cores that are shared make any deadline for one example a matter of luck.
settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("default"), derandomize=True, print_blob=True)
settings.register_profile("proof", settings.get_profile("default"), max_examples=5_000, print_blob=True)
