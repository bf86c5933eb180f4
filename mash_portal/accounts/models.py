"""Who uses the portal: agencies and their people. Nothing here knows of contacts."""

from datetime import date
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower

from .roles import Role


class AgencyQuerySet(models.QuerySet["Agency"]):
    def active(self) -> "AgencyQuerySet":
        return self.filter(is_active=True)


class Agency(models.Model):
    """A body whose people refer children, or the hub itself. `source` is the national contact source code."""

    name = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=20)
    source = models.CharField(max_length=2)
    is_hub = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    receives = ArrayField(
        models.CharField(max_length=20),
        default=list,
        blank=True,
        help_text="Outcomes after which this team is offered the child: early help, assessment, disabilities …",
    )

    size = models.PositiveIntegerField(
        null=True, blank=True, help_text="How many children it works with: on roll of a school, with a practice."
    )

    objects: ClassVar[models.Manager["Agency"]] = AgencyQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        verbose_name_plural = "agencies"

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A person with a password, or without one (then nobody can sign in as them)."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user

    def get_queryset(self) -> models.QuerySet["User"]:
        """With the agency: every page names it beside the person."""
        return super().get_queryset().select_related("agency")

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username or "")

    def system(self) -> "User":
        """The portal itself, named as the actor of everything that no person does."""
        user, _ = self.get_or_create(
            email="portal@system.local",
            defaults={"full_name": "The portal", "role": Role.SYSTEM, "is_active": False, "password": "!"},
        )
        return user


class User(AbstractBaseUser):
    """A named person. Roles change and people leave: rows are made inactive, never deleted."""

    email = models.EmailField(unique=True)
    full_name = models.CharField(max_length=120)
    job = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="people")
    role = models.CharField(max_length=20, choices=[(role.value, role.label) for role in Role])
    registration_number = models.CharField(
        max_length=20, blank=True, help_text="Social Work England number; a qualified social worker has one."
    )
    registered_until = models.DateField(
        null=True, blank=True, help_text="When the registration runs out; without a date it is not known to."
    )
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name", "role"]

    class Meta:
        ordering = ("full_name",)
        constraints = (
            models.UniqueConstraint(Lower("email"), name="one_account_per_address"),
            models.CheckConstraint(condition=models.Q(role__in=[role.value for role in Role]), name="role_is_known"),
        )

    def __str__(self) -> str:
        return self.full_name

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name.split(" ")[0]

    @property
    def as_role(self) -> Role:
        return Role(self.role)

    def is_qualified(self, today: date) -> bool:
        """A registered social worker on that day: section 47 and strategy outcomes need one (Norfolk's inspection).

        A registration holds to the end of its last day; one without a date is not known to run out.
        """
        runs = self.registered_until is None or self.registered_until >= today
        return bool(self.registration_number) and runs
