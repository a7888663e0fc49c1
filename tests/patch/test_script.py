"""`apply.sh` with a kubectl that only writes down what it is asked."""

import subprocess

import pytest

from costkit.patch.folder import write_patches
from costkit.patch.tree import patches
from tests.patch.plans import API, CRON, ROLLOUT, item, plan

KUBECTL = """\
#!/bin/sh
for word in "$@"; do printf '<%s>' "$word"; done >> "$LOG"
echo >> "$LOG"
case "$*" in
*jsonpath*) echo "api main web" ;;
*go-template*) ;;
*" patch $FAILS "*) echo "no such right" >&2; exit 1 ;;
esac
"""


@pytest.fixture
def run(tmp_path):
    """Runs the script of a plan: exit code, what kubectl was asked, standard error."""
    fake = tmp_path / "kubectl"
    fake.write_text(KUBECTL)
    fake.chmod(0o755)

    def ran(made, fails="nothing", **environment):
        write_patches(patches(made), tmp_path / "patches")
        log = tmp_path / "log"
        log.touch()
        given = {"PATH": "/usr/bin:/bin", "KUBECTL": f"{fake} --context prod", "LOG": str(log), "FAILS": fails}
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
