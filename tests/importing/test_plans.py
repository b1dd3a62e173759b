import pytest

from chatlogs.importing.plans import Content, ContentReader
from chatlogs.people import NO_SENDER, Speaker, hash_account
from chatlogs.text.accounts import UNKNOWN_MEMBER
from tests.transcripts.making import image, link_a, link_c, link_f, make_file, message, read_bytes

KEY = b"k" * 32
ACCOUNT = "riverside77"


def read_contents(*messages: bytes) -> list[Content]:
    return ContentReader(read_bytes(make_file(*messages)), KEY).contents


def read_content(body: str | None, sender: str = "江月") -> Content:
    return read_contents(message("09:00:00", sender, body))[0]


def test_a_text_is_its_words() -> None:
    assert read_content("早上好") == Content("09:00:00", Speaker("江月", ""), "text", "早上好", "")


def test_a_link_is_its_title_and_address() -> None:
    content = read_content(link_a("早报", "https://example.org/a"))
    assert (content.kind, content.text, content.url) == ("link", "早报", "https://example.org/a")


def test_an_image_is_its_address() -> None:
    (content,) = read_contents(image("09:00:00", "江月", "https://img.example.org/1.png"))
    assert (content.kind, content.text, content.url) == ("image", "", "https://img.example.org/1.png")


def test_a_file_is_its_name() -> None:
    content = read_content(link_f("议程.pdf"))
    assert (content.kind, content.text, content.url) == ("file", "议程.pdf", "")


def test_a_message_without_body_says_nothing() -> None:
    content = read_content(None)
    assert (content.kind, content.text) == ("unsupported", "")


def test_a_message_without_sender_is_nobodys() -> None:
    assert read_content("早", sender="").speaker == NO_SENDER


@pytest.mark.parametrize("sender", ["wxid_a1b2c3", "wxid_a1b2c3]]>", " wxid_a1b2c3 "])
def test_a_sender_that_is_an_account_has_no_name(sender: str) -> None:
    assert read_content("早", sender).speaker == Speaker("", hash_account(KEY, "wxid_a1b2c3"))


def test_a_sender_that_is_an_account_of_the_files_links_has_no_name() -> None:
    contents = read_contents(
        message("09:00:00", "江月", link_c("早报", ACCOUNT)),
        message("09:00:05", ACCOUNT, "早"),
    )
    assert contents[1].speaker == Speaker("", hash_account(KEY, ACCOUNT))


def test_an_account_within_a_name_is_masked() -> None:
    assert read_content("早", "江月 wxid_a1b2c3").speaker == Speaker(f"江月 {UNKNOWN_MEMBER}", "")


def test_an_account_within_a_text_is_masked() -> None:
    assert read_content("加我 wxid_a1b2c3").text == f"加我 {UNKNOWN_MEMBER}"


def test_a_text_that_is_an_account_of_the_files_links_is_masked() -> None:
    contents = read_contents(
        message("09:00:00", "江月", link_c("早报", ACCOUNT)),
        message("09:00:05", "陆一鸣", ACCOUNT),
    )
    assert contents[1].text == UNKNOWN_MEMBER


def test_the_account_at_a_links_tail_is_no_part_of_its_content() -> None:
    content = read_content(link_c("早报", ACCOUNT))
    assert ACCOUNT not in repr(content)


def test_an_address_with_an_account_is_left_out() -> None:
    assert read_content(link_a("名片", "https://example.org/?user=wxid_a1b2c3")).url == ""


def test_a_known_account_id_within_a_senders_name_is_masked() -> None:
    first = message("09:00:00", "江月", link_c("红包", ACCOUNT))
    _, second = read_contents(first, message("09:00:05", f"乔木 {ACCOUNT}", "早"))
    assert second.speaker.name == f"乔木 {UNKNOWN_MEMBER}"


def test_an_account_id_after_a_space_is_found_too() -> None:
    first = message("09:00:00", "江月", link_c("红包", f" {ACCOUNT}"))
    _, second = read_contents(first, message("09:00:05", ACCOUNT, "早"))
    assert second.speaker.account_hash
