"""The contracts of docs/architecture.md that a linter cannot say."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OURS = [
    path for package in ("mash_portal", "thresholds", "referrals") for path in sorted((ROOT / package).rglob("*.py"))
]
VIEWS = [path for path in OURS if path.name == "views.py" or path.parent.name == "views"]
FORBIDDEN_IN_VIEWS = re.compile(r"\.objects\b|get_object_or_404|\.save\(|\.role (==|in|is)|as_role (==|in|is)")


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def code_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def offences(path: Path, pattern: re.Pattern[str]) -> list[str]:
    lines = path.read_text().splitlines()
    return [f"{name_of(path)}:{number}: {line.strip()}" for number, line in enumerate(lines, 1) if pattern.search(line)]


@pytest.mark.parametrize("path", VIEWS, ids=name_of)
def test_a_view_asks_no_database_and_nobodys_role(path: Path) -> None:
    assert offences(path, FORBIDDEN_IN_VIEWS) == []


def test_there_are_views_to_look_at() -> None:
    assert len(VIEWS) >= 8


def stage_assignments(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(target, ast.Attribute) and target.attr == "stage" for target in targets):
            yield getattr(node, "lineno", 0)
        if isinstance(node, ast.Call) and any(keyword.arg == "stage" for keyword in node.keywords):
            called = ast.unparse(node.func)
            if called.endswith((".update", ".create", "Contact", ".bulk_create")):
                yield node.lineno


def test_a_stage_is_assigned_only_in_the_gate() -> None:
    found = {name_of(path) for path in OURS if "migrations" not in path.parts and any(stage_assignments(code_of(path)))}
    assert found == {"referrals/gate.py"}


def test_the_gate_would_be_caught_if_it_were_another_module() -> None:
    assert list(stage_assignments(ast.parse("contact.stage = Stage.CLOSED"))) == [1]
    assert list(stage_assignments(ast.parse("Contact.objects.filter(pk=1).update(stage='closed')"))) == [1]


@pytest.mark.parametrize("path", [path for path in OURS if "migrations" not in path.parts], ids=name_of)
def test_nothing_waits_in_a_broker_and_nothing_hides_in_a_signal_or_a_save(path: Path) -> None:
    wrong = re.compile(r"\beta=|countdown=|\.delay\(|apply_async|django\.db\.models\.signals|def save\(self")
    assert offences(path, wrong) == []


@pytest.mark.parametrize("path", OURS, ids=name_of)
def test_a_file_is_short_enough_to_read(path: Path) -> None:
    if "migrations" not in path.parts:
        assert path.read_text().count("\n") <= 300


def test_no_module_is_called_utils() -> None:
    assert [name_of(path) for path in OURS if path.stem in {"utils", "helpers", "misc"}] == []


TEMPLATES = sorted((ROOT / "templates").rglob("*.html")) + sorted((ROOT / "mash_portal").rglob("templates/**/*.html"))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_is_short_and_has_no_script_or_style_of_its_own(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"<script(?![^>]*\bsrc=)|\bstyle=|\bon(click|change|submit|load)=|\|safe\b", text)
    assert text.count("\n") <= 80


BLOCKS = re.compile(r"{% block (\w+)[^%]*%}")
KEPT_URL = re.compile(r"{% url [^%]* as (\w+) %}")


def lost_names(text: str) -> set[str]:
    """Addresses that one block of a template keeps and another uses: there they are empty, and a link leads nowhere."""
    parts = BLOCKS.split(text)
    blocks = dict(zip(parts[1::2], parts[2::2], strict=True))
    kept = {name for block in blocks.values() for name in KEPT_URL.findall(block)}
    return {
        name
        for block in blocks.values()
        for name in kept - set(KEPT_URL.findall(block))
        if re.search(rf"{{{{ {name}\b|={name}\b", block)
    }


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_uses_an_address_only_in_the_block_that_keeps_it(path: Path) -> None:
    assert lost_names(path.read_text()) == set()


def test_an_address_that_another_block_keeps_would_be_found() -> None:
    kept = "{% block a %}{% url 'home' as back %}{{ back }}{% endblock %}"
    assert lost_names(kept) == set()
    assert lost_names(kept + '{% block b %}<a href="{{ back }}">{% endblock %}') == {"back"}


@pytest.mark.parametrize("path", sorted((ROOT / "templates" / "notices").glob("*.txt")), ids=name_of)
def test_a_notice_can_say_nothing_but_a_reference_and_a_link(path: Path) -> None:
    """G16: a message is read on a locked telephone and forwarded without a thought."""
    used = set(re.findall(r"{{\s*([\w.]+)", path.read_text()))
    # `name` is whom it is sent to.
    assert used <= {"name", "reference", "link", "phone", "council"}, used
