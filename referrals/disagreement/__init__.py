"""Professional disagreement: raised by an agency, answered by the hub, stage by stage, and counted."""
