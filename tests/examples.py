"""How many examples Hypothesis tries."""

from hypothesis import HealthCheck, settings

THOROUGH, QUICK = "thorough", "quick"


def examples(count: int) -> settings:
    """So many with --thorough, and a third of them otherwise."""
    is_thorough = settings.get_current_profile_name() == THOROUGH
    return settings(
        max_examples=count if is_thorough else max(2, count // 3),
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
