"""What an action has as its reason where nobody is asked for one."""

WRITTEN, PUBLISHED = "written", "published"
