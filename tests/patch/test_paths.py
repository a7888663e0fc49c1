"""Folders and files that no label and no name can lead astray."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costkit.model.labels import UNLABELLED
from costkit.model.target import Target
from costkit.patch.build import build
from costkit.patch.paths import files_of, folder_of, stem
from tests.patch.plans import RAISED, item, plan


def patch_of(target, **kwargs):
    return build(plan(item(target, **kwargs))).patches[0]


def test_a_plain_value_is_its_own_folder():
    assert folder_of("team-a") == "team-a"


@pytest.mark.parametrize(
    "value",
    ["../../etc", "/", "..", ".", "", "<script>", "Müller", "a" * 300, "index.json", "a/b", "C:\\x", "Team-A", "a\0b"],
)
def test_any_other_value_is_a_single_safe_folder_of_its_own(value):
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]*~[0-9a-f]{12}", folder_of(value))


def test_values_that_differ_in_what_is_left_out_stay_apart():
    values = ["ml-team", "ML-Team", "ml_team", "ml.team", "ml team", "ml/team", "ml-team~0", " ml-team"]

    assert len({folder_of(v) for v in values}) == len(values)


@given(st.text(), st.text())
def test_two_values_never_share_a_folder_even_where_case_does_not_count(one, other):
    assert (folder_of(one).lower() == folder_of(other).lower()) == (one == other)


def test_the_unlabelled_have_a_folder_that_no_value_can_take():
    assert folder_of(UNLABELLED) == "_unlabelled" != folder_of("_unlabelled")


def test_files_are_named_by_kind_and_name():
    assert files_of(patch_of(Target("shop", "Deployment", "api", "api"))) == (
        "kubectl/shop/deployment-api.patch.yaml",
        "kustomize/shop/deployment-api.yaml",
        "rollback/shop/deployment-api.patch.yaml",
    )


def test_raises_lie_in_a_folder_of_their_own():
    patch = patch_of(Target("shop", "Deployment", "api", "api"), after=RAISED)

    assert all(path.startswith("raises/") for path in files_of(patch))


def test_one_name_in_several_kinds_and_groups_gives_several_files():
    targets = [
        Target("shop", "StatefulSet", "db", "db"),
        Target("shop", "StatefulSet", "db", "db", "apps.kruise.io/v1beta1"),
        Target("shop", "StatefulSet", "db", "db", "apps.example.com/v1"),
        Target("shop", "Deployment", "db", "db"),
    ]

    assert len({path for target in targets for path in files_of(patch_of(target))}) == 12


def test_the_longest_name_fits_a_file_system():
    names = ["a" * 253, "a" * 252 + "b"]
    stems = {stem(patch_of(Target("shop", "Deployment", name, "api"))) for name in names}

    assert len(stems) == 2
    assert all(len(f"{s}.json6902.yaml") < 255 for s in stems)
