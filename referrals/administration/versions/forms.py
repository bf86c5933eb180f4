"""Choosing a file, and confirming that a version comes into force."""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import UploadedFile

from mash_portal.govuk.fields import ChosenFileField
from mash_portal.govuk.forms import GovukForm
from mash_portal.govuk.look import Button

from . import files


class DraftForm(GovukForm):
    form_tag = False
    buttons = (Button("Read the file"),)

    file = ChosenFileField(
        "File with the new version",
        "Choose the file with the new version",
        hint="An Excel workbook (.xlsx) or a YAML file, at most 2 MB. Nothing comes into force yet.",
        accept=".xlsx,.yaml,.yml",
    )

    def clean_file(self) -> UploadedFile[bytes]:
        """Too large is said before anything is read into memory."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > files.MOST_BYTES:
            raise forms.ValidationError(files.TOO_LARGE)
        return file


class PublishForm(GovukForm):
    form_tag = False
    buttons = (Button("Publish this version"),)

    confirmed = forms.BooleanField(
        label="The partnership has agreed this version, and it may come into force now",
        error_messages={"required": "Confirm that the partnership has agreed this version"},
    )
