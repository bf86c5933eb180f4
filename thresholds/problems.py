"""What is raised when a file or a document is no matrix."""

from collections.abc import Sequence


class MatrixProblems(ValueError):
    """The document is no matrix. `problems` has a sentence for each reason; nothing has been written."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(problems))
