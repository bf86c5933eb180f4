"""One table with the columns of an ordinary list of cases."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class Entry(models.Model):
    """A row of the 50-row table, and what the insert yardsticks insert."""

    STATES: ClassVar = [("new", "New"), ("open", "Being looked at"), ("done", "Done")]
    PRIORITIES: ClassVar = [("high", "High"), ("normal", "Normal"), ("low", "Low")]

    title = models.CharField(max_length=120)
    name = models.CharField(max_length=120)
    email = models.EmailField()
    state = models.CharField(max_length=10, choices=STATES, default="new")
    priority = models.CharField(max_length=10, choices=PRIORITIES)
    born_on = models.DateField()
    words = models.TextField()
    received_at = models.DateTimeField()
    due_at = models.DateTimeField(db_index=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects: ClassVar[models.Manager["Entry"]] = models.Manager()

    class Meta:
        app_label = "yardsticks"

    def __str__(self) -> str:
        return self.title
