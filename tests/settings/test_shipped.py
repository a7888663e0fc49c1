from costkit.settings import shipped


def test_a_checkout_has_its_rules_at_the_top_level():
    assert (shipped.rules_dir() / "rightsize.yaml").is_file()
    assert shipped.templates_dir().parts[-2:] == ("reports", "templates")


def test_a_wheel_has_them_under_the_package(tmp_path, monkeypatch):
    (tmp_path / "rules").mkdir()
    monkeypatch.setattr(shipped, "_DATA", tmp_path)

    assert shipped.rules_dir() == tmp_path / "rules"
    assert shipped.templates_dir() == tmp_path / "templates"
