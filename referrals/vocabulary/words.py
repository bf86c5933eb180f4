"""A word of the vocabulary: a code and its label. Plain Python, free of Django, so that rules can use it."""

from enum import StrEnum


class Word(StrEnum):
    """A code that is stored and a label that is shown; the label is written beside the code, once."""

    label: str

    def __new__(cls, code: str, label: str = "") -> "Word":
        word = str.__new__(cls, code)
        word._value_ = code
        word.label = label
        return word

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        return [(word.value, word.label) for word in cls]
