"""django-helpdesk beside the portal, where it is installed: what a hub might run instead (docs/performance.md)."""
