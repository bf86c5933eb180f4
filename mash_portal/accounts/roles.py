"""Who somebody is at the front door (front-door.md, section 2). Plain Python: the rules read it without Django."""

from enum import StrEnum


class Role(StrEnum):
    """One per person. An assistant team manager is a TEAM_MANAGER, a head of safeguarding a SERVICE_MANAGER."""

    REFERRER = "referrer"
    SAFEGUARDING_LEAD = "safeguarding_lead"
    CONTACT_OFFICER = "contact_officer"
    SOCIAL_WORKER = "social_worker"
    TEAM_MANAGER = "team_manager"
    PARTNER = "partner"
    EARLY_HELP = "early_help"
    TEAM_WORKER = "team_worker"
    SERVICE_MANAGER = "service_manager"
    ANALYST = "analyst"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Role.REFERRER: "Referrer",
    Role.SAFEGUARDING_LEAD: "Designated safeguarding lead",
    Role.CONTACT_OFFICER: "Contact officer",
    Role.SOCIAL_WORKER: "Social worker",
    Role.TEAM_MANAGER: "Team manager",
    Role.PARTNER: "Partner practitioner",
    Role.EARLY_HELP: "Early help worker",
    Role.TEAM_WORKER: "Children’s team worker",
    Role.SERVICE_MANAGER: "Head of safeguarding",
    Role.ANALYST: "Performance analyst",
    Role.AUDITOR: "Auditor",
    Role.ADMINISTRATOR: "Administrator",
    Role.SYSTEM: "The portal itself",
}

AGENCY_ROLES = frozenset({Role.REFERRER, Role.SAFEGUARDING_LEAD})
HUB_ROLES = frozenset({Role.CONTACT_OFFICER, Role.SOCIAL_WORKER, Role.TEAM_MANAGER, Role.SERVICE_MANAGER})
MANAGER_ROLES = frozenset({Role.TEAM_MANAGER, Role.SERVICE_MANAGER})
