import datetime as dt

from chatlogs.importing.keys import MessageKeys

DATE = dt.date(2018, 3, 27)


def make_keys(archive_key: bytes = b"k", room: str = "tea-room", taken: tuple[str, ...] = ()) -> MessageKeys:
    return MessageKeys(archive_key, room, DATE, taken)


def test_a_key_begins_with_the_date_and_fits_its_column() -> None:
    key = make_keys().make("09:00:00", "江月")
    assert key.startswith("20180327-")
    assert len(key) == 21


def test_the_same_message_has_the_same_key_again() -> None:
    assert make_keys().make("09:00:00", "江月") == make_keys().make("09:00:00", "江月")


def test_keys_never_change() -> None:
    """Permanent addresses, which people have cited, are made of them."""
    keys = make_keys()
    made = [keys.make(time, sender) for time, sender in (("09:00:00", "江月"), ("09:00:00", "江月"), ("23:59:59", ""))]
    assert made == ["20180327-65efbf585fd4", "20180327-6cfd7b52c03d", "20180327-d10e970b18b0"]


def test_time_sender_room_and_archive_key_each_make_another_key() -> None:
    keys = {
        make_keys().make("09:00:00", "江月"),
        make_keys().make("09:00:01", "江月"),
        make_keys().make("09:00:00", "陆一鸣"),
        make_keys(room="porch").make("09:00:00", "江月"),
        make_keys(b"another").make("09:00:00", "江月"),
    }
    assert len(keys) == 5


def test_equal_messages_are_numbered() -> None:
    keys = make_keys()
    assert keys.make("09:00:00", "江月") != keys.make("09:00:00", "江月")


def test_a_key_in_use_is_passed_over() -> None:
    both = make_keys()
    first, second = both.make("09:00:00", "江月"), both.make("09:00:00", "江月")
    assert make_keys(taken=(first,)).make("09:00:00", "江月") == second
