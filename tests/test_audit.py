"""What all moderation actions have in common."""

import pytest

from chatlogs.audit import ActionRefused, locked_archive, log_action
from chatlogs.models import Archive, ModerationAction, Room


@locked_archive()
def fail_halfway() -> None:
    log_action(ModerationAction.Kind.HIDE, [], by=None, reason="asked for")
    Room.objects.update(visibility=Room.Visibility.HIDDEN)
    raise ActionRefused


@pytest.mark.django_db
def test_an_action_that_fails_halfway_changes_nothing() -> None:
    Archive.objects.create()
    Room.objects.create(slug="tea-room")
    with pytest.raises(ActionRefused):
        fail_halfway()
    assert not ModerationAction.objects.exists()
    assert Room.objects.get().is_public
