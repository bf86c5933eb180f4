"""A matrix as a YAML file: read with the line of each row, and written. Plain Python."""

from typing import Any

import yaml

from .document import Placed
from .problems import MatrixProblems


def read(text: str) -> Any:
    """A matrix document from YAML, every row with its line; MatrixProblems when it is not YAML at all."""
    loader = _Loader(text)
    try:
        found = loader.get_single_data()
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        if isinstance(error, MatrixProblems):
            raise
        where = getattr(error, "problem_mark", None)
        place = f" at line {where.line + 1}" if where else ""
        raise MatrixProblems([f"The file cannot be read as YAML{place}."]) from error
    finally:
        loader.dispose()
    if loader.twice:
        raise MatrixProblems(loader.twice)
    return found


def write(document: dict[str, Any]) -> str:
    """The document as a person can change it and `read` can read it."""
    text: str = yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=120)
    return text


class _Loader(yaml.SafeLoader):
    """Rows know their line, no field is said twice, and nothing stands for something else."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.twice: list[str] = []

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            line = self.peek_event().start_mark.line + 1  # type: ignore[no-untyped-call]  # PyYAML has no types for it
            raise MatrixProblems([f"Line {line}: write the text out again. A matrix has no * that stands for it."])
        return super().compose_node(parent, index)

    def mapping(self, node: yaml.MappingNode) -> Placed:
        row = Placed()
        row.place = f"Line {node.start_mark.line + 1}"
        for (key_node, _), (key, value) in zip(node.value, self.construct_pairs(node, deep=True), strict=True):
            name = str(key)
            if name in row:
                self.twice.append(f"Line {key_node.start_mark.line + 1}: '{name}' is there twice.")
            row[name] = value
        return row


_Loader.add_constructor("tag:yaml.org,2002:map", _Loader.mapping)
