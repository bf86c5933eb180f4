"""What an administrator does with versions of the matrix; what may not be done is refused in sentences."""

from django.db import transaction
from django.utils import timezone

from mash_portal.accounts.models import User
from referrals.refusals import Refused
from thresholds import publishing
from thresholds.models import Matrix
from thresholds.publishing import MatrixProblems, NotADraft

from . import files


@transaction.atomic
def draft(content: bytes, *, name: str, by: User) -> Matrix:
    """A new version from a file, which replaces the draft there was. Refused with everything that is wrong with it."""
    try:
        document = files.read(content)
        with transaction.atomic():
            for old in Matrix.objects.filter(status=Matrix.Status.DRAFT):
                publishing.discard(old, by=by)
            return publishing.import_matrix(document, by=by, source=name[:200])
    except MatrixProblems as wrong:
        raise Refused(*wrong.problems) from wrong


def publish(matrix: Matrix, *, by: User) -> Matrix:
    """In force from this moment: assessments that are made from now on are made against it, older ones keep theirs."""
    try:
        return publishing.publish(matrix, by=by, now=timezone.now())
    except NotADraft as wrong:
        raise Refused(str(wrong)) from wrong


def discard(matrix: Matrix, *, by: User) -> None:
    try:
        publishing.discard(matrix, by=by)
    except NotADraft as wrong:
        raise Refused(str(wrong)) from wrong
