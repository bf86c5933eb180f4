"""A file that somebody chose, as a document; a version, as a file that somebody may change."""

from thresholds import sheet_file, writing, yaml_file
from thresholds.models import Matrix
from thresholds.problems import MatrixProblems

MOST_BYTES = 2 * 1024 * 1024
TOO_LARGE = "The file is larger than 2 MB, which no matrix is."
XLSX = "xlsx"
KINDS = {
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "yaml": "application/yaml",
}


def read(content: bytes) -> object:
    """By what the file is, whatever it is called: a workbook begins as a zip file does."""
    if len(content) > MOST_BYTES:
        raise MatrixProblems([TOO_LARGE])
    if content.startswith(b"PK"):
        return sheet_file.read(content)
    try:
        return yaml_file.read(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        sentence = "The file is neither an Excel workbook (.xlsx) nor a YAML file in UTF-8. Save it as one of these."
        raise MatrixProblems([sentence]) from error


def write(matrix: Matrix, kind: str) -> bytes:
    document = writing.document_of(matrix)
    return sheet_file.write(document) if kind == XLSX else yaml_file.write(document).encode()
