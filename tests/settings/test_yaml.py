import msgspec
import pytest

from costkit.errors import UsageError
from costkit.settings.yaml import convert, read_mapping


class Inner(msgspec.Struct, forbid_unknown_fields=True, rename="kebab"):
    floor_size: str = ""


class Shape(msgspec.Struct, forbid_unknown_fields=True, rename="kebab"):
    name: str
    inner: Inner | None = None
    many: tuple[Inner, ...] = ()
    free: dict[str, Inner] = {}


@pytest.fixture
def written(tmp_path):
    path = tmp_path / "rules.yaml"

    def write(text):
        path.write_text(text)
        return path

    return write


def test_hours_and_no_stay_text(written):
    found = read_mapping(written("at: 22:30\ncountry: NO\nanswer: yes\n"))

    assert found == {"at": "22:30", "country": "NO", "answer": "yes"}


def test_an_empty_file_is_an_empty_mapping(written):
    assert read_mapping(written("# nothing yet\n")) == {}


def test_a_key_that_stands_twice_is_refused_with_its_line(written):
    with pytest.raises(UsageError, match=r"rules\.yaml line 3: found duplicate key"):
        read_mapping(written("a: 1\nb: 2\na: 3\n"))


def test_what_is_no_yaml_is_refused_with_its_line(written):
    with pytest.raises(UsageError, match=r"rules\.yaml line 2"):
        read_mapping(written("a: 1\nb: ]\n"))


@pytest.mark.parametrize("text", ["- 1\n- 2\n", "just words\n"])
def test_a_file_that_is_no_mapping_is_refused(written, text):
    with pytest.raises(UsageError, match="no mapping"):
        read_mapping(written(text))


def test_a_tag_that_would_make_an_object_is_refused(written):
    with pytest.raises(UsageError, match=r"rules\.yaml line 1"):
        read_mapping(written("a: !!python/object/apply:os.system [ls]\n"))


def test_a_file_that_is_not_there_is_refused_by_name(tmp_path):
    with pytest.raises(UsageError, match=r"absent\.yaml"):
        read_mapping(tmp_path / "absent.yaml")


def test_a_file_that_is_no_text_is_refused(tmp_path):
    path = tmp_path / "image.yaml"
    path.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(UsageError, match=r"image\.yaml"):
        read_mapping(path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name: a\nnam: b\n", r"unknown key 'nam'$"),
        ("name: a\ninner: {floor: x}\n", r"unknown key 'floor' in inner$"),
        ("name: a\nmany: [{}, {floor: x}]\n", r"unknown key 'floor' in many\[2\]$"),
        ("name: a\nfree: {one: {floor: x}}\n", r"unknown key 'floor' in free.one$"),
    ],
)
def test_an_unknown_key_is_refused_by_file_and_place(written, text, message):
    path = written(text)

    with pytest.raises(UsageError, match=message) as raised:
        convert(read_mapping(path), Shape, path)
    assert str(path) in raised.value.message
    assert raised.value.hint.startswith("known keys there: ")


def test_the_hint_names_the_known_keys_as_they_are_written(written):
    path = written("name: a\ninner: {floor: x}\n")

    with pytest.raises(UsageError) as raised:
        convert(read_mapping(path), Shape, path)
    assert raised.value.hint == "known keys there: floor-size"


@pytest.mark.parametrize("text", ["inner: {}\n", "name: [a]\n"])
def test_a_key_that_lacks_or_has_another_type_is_refused_by_file(written, text):
    path = written(text)

    with pytest.raises(UsageError, match="name") as raised:
        convert(read_mapping(path), Shape, path)
    assert str(path) in raised.value.message
