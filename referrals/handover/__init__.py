"""After the decision: a team takes a child or sends it back; the case management system is sent the contact."""
