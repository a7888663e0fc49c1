import pytest

from costkit.errors import UsageError
from costkit.model.policy import CPU_GRID, MEMORY_GRID
from costkit.model.quantities import GIBIBYTE, MEBIBYTE
from costkit.model.target import Target
from costkit.settings.policies import load_policies

SHIPPED = load_policies(None).rightsize
API = Target("shop", "Deployment", "api", "main")


@pytest.fixture
def load(tmp_path):
    def loaded(text):
        (tmp_path / "rightsize.yaml").write_text(text)
        return load_policies(tmp_path).rightsize

    return loaded


def standard(policy):
    return policy.classes[-1]


def test_the_shipped_classes_end_with_one_that_takes_all():
    assert [c.name for c in SHIPPED.classes] == ["critical", "batch", "standard"]
    assert SHIPPED.skip_namespaces == ("kube-system", "kube-public", "kube-node-lease")
    assert (SHIPPED.cpu_grid, SHIPPED.memory_grid) == (CPU_GRID, MEMORY_GRID)
    assert SHIPPED.source == "rightsize.yaml"


def test_the_shipped_standard_class_is_the_p98_of_cpu_and_the_peak_of_memory_with_a_margin():
    cpu, memory = standard(SHIPPED).cpu, standard(SHIPPED).memory

    assert (cpu.percentile, cpu.margin, cpu.floor, cpu.limit) == (0.98, 0.0, 0.01, "keep-ratio")
    assert (memory.percentile, memory.margin, memory.floor) == (1.0, 0.15, 32 * MEBIBYTE)
    assert memory.limit_over_peak == 1.5
    assert (standard(SHIPPED).minimum_change, standard(SHIPPED).minimum_days) == (0.1, 3.0)
    assert standard(SHIPPED).minimum_coverage == 0.5


@pytest.mark.parametrize(
    ("target", "labels", "name"),
    [
        (API, {}, "standard"),
        (API, {"costkit.io/class": "critical"}, "critical"),
        (Target("shop", "CronJob", "report", "main", "batch/v1"), {}, "batch"),
        (Target("shop", "Job", "import", "main", "batch/v1"), {}, "batch"),
        (Target("shop", "CronJob", "bill", "main"), {"costkit.io/class": "Critical"}, "critical"),
    ],
)
def test_a_workload_is_of_the_first_shipped_class_that_fits(target, labels, name):
    assert SHIPPED.class_of(target, labels).name == name


def test_a_folder_without_the_file_leaves_the_shipped_one(tmp_path):
    assert load_policies(tmp_path).rightsize == SHIPPED


def test_a_users_file_says_only_what_differs(load, tmp_path):
    found = load("defaults: {memory: {margin: 0%}}\n")

    assert standard(found).memory.margin == 0
    assert standard(found).cpu == standard(SHIPPED).cpu
    assert [c.name for c in found.classes] == [c.name for c in SHIPPED.classes]
    assert found.skip_namespaces == SHIPPED.skip_namespaces
    assert found.source == str(tmp_path / "rightsize.yaml")


def test_a_class_inherits_what_it_does_not_say(load):
    found = load("classes:\n- {name: dev, match: {namespaces: [dev-*]}, cpu: {percentile: 90%}}\n- {name: rest}\n")

    dev, rest = found.classes
    assert (dev.cpu.percentile, rest.cpu.percentile) == (0.9, 0.98)
    assert dev.cpu.floor == rest.cpu.floor
    assert found.class_of(Target("dev-1", "Deployment", "api"), {}) is dev
    assert found.class_of(API, {}) is rest


def test_labels_match_one_value_or_any_of_a_list(load):
    found = load("classes:\n- {name: gold, match: {labels: {tier: [gold, silver], env: prod}}}\n- {name: rest}\n")

    assert found.class_of(API, {"tier": "silver", "env": "prod"}).name == "gold"
    assert found.class_of(API, {"tier": "silver", "env": "dev"}).name == "rest"


def test_namespaces_to_skip_are_replaced_whole(load):
    assert load("skip-namespaces: []\n").skip_namespaces == ()


def test_a_grid_is_read_as_quantities_and_the_other_one_stays(load):
    found = load("grids: {memory: [{below: 1Gi, step: 64Mi}, {step: 1Gi}]}\n")

    assert found.memory_grid == ((GIBIBYTE, 64 * MEBIBYTE), (float("inf"), GIBIBYTE))
    assert found.cpu_grid == CPU_GRID


@pytest.mark.parametrize(
    ("written", "expected"),
    [("15%", 0.15), ("0.15", 0.15), ("'15%'", 0.15), ("0", 0.0), ("12.5%", 0.125), ("150%", 1.5)],
)
def test_a_margin_is_a_percentage_or_a_plain_fraction(load, written, expected):
    assert standard(load(f"defaults: {{cpu: {{margin: {written}}}}}\n")).cpu.margin == pytest.approx(expected)


@pytest.mark.parametrize(("written", "cores"), [("250m", 0.25), ("1", 1.0), ("0.5", 0.5)])
def test_a_floor_is_a_quantity(load, written, cores):
    assert standard(load(f"defaults: {{cpu: {{floor: {written}}}}}\n")).cpu.floor == cores


@pytest.mark.parametrize(
    "text",
    [
        "defaults: {cpu: {percentile: 98}}",
        "defaults: {cpu: {percentile: 0%}}",
        "defaults: {cpu: {percentile: high}}",
        "defaults: {cpu: {percentile: .nan}}",
        "defaults: {memory: {margin: -5%}}",
        "defaults: {memory: {margin: 15}}",
        "defaults: {memory: {floor: 32}}",
        "defaults: {cpu: {floor: 10Q}}",
        "defaults: {cpu: {floor: 0}}",
        "defaults: {memory: {limit-over-peak: 0.5}}",
        "defaults: {minimum-change: 110%}",
        "defaults: {minimum-days: -1}",
        "defaults: {minimum-coverage: half}",
        "grids: {cpu: [{below: 1, step: 0}, {step: 1}]}",
    ],
)
def test_a_value_out_of_range_is_refused_by_file_key_and_value(load, text):
    key = text.rpartition("{")[2].partition(":")[0]

    with pytest.raises(UsageError, match=r"rightsize\.yaml: .* is ") as raised:
        load(text + "\n")
    assert key in raised.value.message or "grids.cpu.step" in raised.value.message
    assert raised.value.hint.startswith("write ")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("default: {}", "'default'"),
        ("defaults: {cpu: {percentil: 95%}}", "'percentil' in defaults.cpu"),
        ("classes: [{name: a, mach: {}}]", "'mach' in classes[1]"),
        ("classes: [{name: a, match: {namespace: [x]}}]", "'namespace' in classes[1].match"),
        ("grids: {cpu: [{under: 1, step: 1}]}", "'under' in grids.cpu[1]"),
    ],
)
def test_an_unknown_key_is_refused_by_its_place(load, text, key):
    with pytest.raises(UsageError) as raised:
        load(text + "\n")
    assert f"rightsize.yaml: unknown key {key}" in raised.value.message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("classes: []", "last class does not match all"),
        ("classes: [{name: a, match: {kinds: [Job]}}]", "last class does not match all"),
        ("classes: [{name: a}, {name: b}]", "nothing comes past class 'a'"),
        ("classes: [{name: a, match: {kinds: [Job]}}, {name: a}]", "two classes are named 'a'"),
        ("classes: [{match: {kinds: [Job]}}]", "missing required field `name`"),
        ("defaults: {cpu: {limit: keep-it}}", "keep-it"),
        ("defaults: {method: magic}", "magic"),
        ("classes: standard", "array"),
        ("grids: {cpu: [{below: 2, step: 1}, {below: 1, step: 1}, {step: 1}]}", "out of order"),
        ("grids: {cpu: [{below: 2, step: 1}]}", "out of order"),
    ],
)
def test_a_file_that_cannot_be_followed_is_refused(load, text, message):
    with pytest.raises(UsageError, match=r"rightsize\.yaml") as raised:
        load(text + "\n")
    assert message in raised.value.message
