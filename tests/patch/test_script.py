"""`apply.sh` with a kubectl that only writes down what it is asked."""

import subprocess

import pytest

from costkit.patch.folder import write_patches
from costkit.patch.tree import patches
from tests.patch.plans import API, CRON, ROLLOUT, item, plan, resources

KUBECTL = """\
#!/bin/sh
for word in "$@"; do printf '<%s>' "$word"; done >> "$LOG"
echo >> "$LOG"
case "$*" in
*jsonpath*range*) echo "$LIVE" ;;
*jsonpath*) echo "api main web" ;;
*go-template*) ;;
*" patch $FAILS "*) echo "no such right" >&2; exit 1 ;;
esac
"""

SIZES = "{0}/requests.cpu=1 {0}/requests.memory=2Gi {0}/limits.cpu=2 {0}/limits.memory=4Gi"
LIVE = " ".join(SIZES.format(name) for name in ("api", "main", "web"))
"""What plans.BEFORE is on a server."""


@pytest.fixture
def run(tmp_path):
    """Runs the script of a plan: exit code, what kubectl was asked, standard error."""
    fake = tmp_path / "kubectl"
    fake.write_text(KUBECTL)
    fake.chmod(0o755)

    def ran(made, fails="nothing", live=LIVE, **environment):
        write_patches(patches(made), tmp_path / "patches")
        log = tmp_path / "log"
        log.touch()
        given = {
            "PATH": "/usr/bin:/bin",
            "KUBECTL": f"{fake} --context prod",
            "LOG": str(log),
            "FAILS": fails,
            "LIVE": live,
        }
        script = tmp_path / "patches" / "kubectl" / "apply.sh"
        done = subprocess.run(
            ["sh", script], env=given | environment, cwd="/", capture_output=True, text=True, check=False
        )
        return done.returncode, [line for line in log.read_text().splitlines() if "<patch>" in line], done.stderr

    return ran


def test_the_server_is_asked_about_every_change_before_the_first_is_made(run):
    code, asked, _ = run(plan(item(API), item(CRON)), APPLY="1")

    assert code == 0
    assert [line.rpartition("<--")[2] for line in asked] == ["dry-run=server>"] * 2 + ["dry-run=none>"] * 2


def test_each_form_of_patch_is_given_to_kubectl_by_its_name(run):
    _, asked, _ = run(plan(item(API), item(ROLLOUT)))

    rollout = "rollout.v1alpha1.argoproj.io/web -n shop --type json"
    start, end = "--context prod patch", "--field-manager=costkit --dry-run=server"
    assert [line.strip("<>").replace("><", " ") for line in asked] == [
        f"{start} deployment.v1.apps/api -n shop --type strategic --patch-file shop/deployment-api.patch.yaml {end}",
        f"{start} {rollout} --patch-file shop/rollout-web_argoproj.io.patch.json {end}",
    ]


@pytest.mark.parametrize("value", ["", "0", "yes", "true"])
def test_only_apply_1_makes_changes(run, value):
    assert all("<--dry-run=server>" in line for line in run(plan(item(API)), APPLY=value)[1])


def test_the_first_failure_ends_the_script(run):
    made = plan(item(API), item(CRON))

    code, asked, errors = run(made, fails="cronjob.v1.batch/report", APPLY="1")

    assert code == 4
    assert len(asked) == 1
    assert errors.endswith(
        "error: batch/cronjob.v1.batch/report was not changed\nhelp: see kubectl's words above; nor was anything else\n"
    )


def test_a_manager_s_name_cannot_break_out_of_its_quotes(run, tmp_path):
    code, asked, errors = run(
        plan(item(managed_by=f"x'; touch {tmp_path}/broken; '\ntouch {tmp_path}/broken")), APPLY="1"
    )

    assert (code, asked) == (4, [])
    assert "left alone: managed by x'; touch" in errors
    assert not (tmp_path / "broken").exists()


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("api/requests.cpu=1", "api/requests.cpu=3", "api/requests.cpu is 3, not 1"),
        ("api/limits.memory=4Gi", "api/limits.memory=", "api/limits.memory is none, not 4Gi"),
        ("api/requests.cpu=1", "api/requests.cpu=*", "api/requests.cpu is *, not 1"),
    ],
)
def test_a_value_that_was_set_since_the_plan_is_not_overwritten(run, was, now, said):
    code, asked, errors = run(plan(item(API)), live=LIVE.replace(was, now), APPLY="1")

    assert (code, asked) == (4, [])
    assert errors == (
        f"error: shop/deployment.v1.apps/api was not changed: {said}\n"
        "help: make the patches again, or set FORCE=1 to overwrite it\n"
    )


def test_a_value_that_was_set_where_the_plan_saw_none_is_not_overwritten(run):
    made = plan(item(API, resources("1", None, "2Gi"), resources("250m", None, "2Gi", "3Gi")))

    assert "api/limits.memory is 4Gi, not none" in run(made, APPLY="1")[2]


def test_force_overwrites_a_value_that_was_set_since_the_plan(run):
    moved_on = LIVE.replace("api/requests.cpu=1", "api/requests.cpu=3")

    assert len(run(plan(item(API)), live=moved_on, APPLY="1", FORCE="1")[1]) == 2


def test_another_container_s_values_are_no_reason_to_stop(run):
    assert run(plan(item(API)), live=LIVE.replace("web/requests.cpu=1", "web/requests.cpu=3"))[0] == 0


def test_what_has_the_new_values_already_is_passed_over(run):
    new = SIZES.format("api").replace("=1 ", "=250m ").replace("=2Gi", "=768Mi").replace("=2 ", "=500m ")
    code, asked, _ = run(plan(item(API)), live=new.replace("=4Gi", "=1536Mi"), APPLY="1")

    assert (code, asked) == (0, [])
