"""Choosing a file, and saying what it is."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from mash_portal.govuk.fields import ChosenFileField
from mash_portal.govuk.forms import GovukForm
from mash_portal.govuk.look import Button
from referrals.vocabulary import AttachmentKind

from . import checking


class AttachForm(GovukForm):
    form_tag = False
    buttons = (Button("Upload file", style="secondary"),)

    kind = forms.ChoiceField(
        label="What is it?",
        choices=AttachmentKind.choices(),
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Say what the file is"),
    )
    file = ChosenFileField(
        "File", "Choose a file", accept=",".join(f".{ending}" for ending in checking.TYPES), allow_empty_file=True
    )

    def __init__(self, *args: Any, too_large: bool = False, **options: Any) -> None:
        """`too_large`: a file was chosen, and so large that it was not received."""
        super().__init__(*args, **options)
        if too_large:
            self.fields["file"].error_messages["required"] = checking.too_large()
        megabytes = settings.ATTACHMENT_BYTES // (1024 * 1024)
        self.fields[
            "file"
        ].help_text = f"{checking.TAKEN}, up to {megabytes} MB. Where a photograph was taken is not kept with it."

    def clean_file(self) -> UploadedFile[bytes]:
        """Too large is said before anything is read into memory; everything else by the action."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > settings.ATTACHMENT_BYTES:
            raise forms.ValidationError(checking.too_large())
        return file
