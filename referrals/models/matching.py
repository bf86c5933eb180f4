"""Is this child known? What the rules proposed and what a person said of it; both are remembered."""

from django.conf import settings
from django.db import models

from .people import Child, Person


class MatchVerdict(models.Model):
    """A person's word on whether a child of a contact is somebody the hub knows. The latest word holds."""

    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="verdicts")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="verdicts")
    is_same = models.BooleanField()
    score = models.FloatField()
    reasons = models.JSONField(default=list, help_text="The reasons in words that were shown.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-id")
        indexes = (models.Index(fields=("child", "-at"), name="verdicts_of_child"),)

    def __str__(self) -> str:
        return f"{self.child_id} {'is' if self.is_same else 'is not'} {self.person_id}"


class PersonChange(models.Model):
    """A merge or a split of people, so that it can be undone: which child rows were moved, from whom to whom."""

    kind = models.CharField(max_length=5, choices=[("merge", "Merged"), ("split", "Split")])
    from_person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    to_person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    children = models.JSONField(help_text="Ids of the child rows that moved.")
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return f"{self.kind} {self.from_person_id} → {self.to_person_id}"


class MatchProposal(models.Model):
    """What the rules made of a child when the contact came in: joined to a person, or left for somebody to decide."""

    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="proposals")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="proposals")
    joined = models.BooleanField(help_text="True: joined without asking anybody, because the rules are sure.")
    score = models.FloatField()
    reasons = models.JSONField(default=list, help_text="The reasons in words, as the rules gave them then.")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-joined", "-score", "id")
        constraints = (models.UniqueConstraint(fields=("child", "person"), name="one_proposal_per_pair"),)

    def __str__(self) -> str:
        return f"{self.child_id} {'joined to' if self.joined else 'may be'} {self.person_id}"
