"""The WeChat Markdown format, form by form."""

import datetime as dt

import pytest

from chatlogs.transcripts import Entry, Image, Kind, Link
from chatlogs.transcripts.formats.wechat_markdown import MAX_MESSAGE_BYTES, MAX_MESSAGES, MAX_SENDER
from tests.transcripts.making import (
    CELL_END,
    NEXT_CELL,
    codes,
    image,
    link_a,
    link_b,
    link_c,
    link_f,
    make_file,
    make_front,
    message,
    read_bytes,
    read_message,
    with_crlf,
)

T = "09:00:00"
URL = "https://example.org/s?id=1&amp;timestamp=2&amp;copy=3"
DECODED_URL = "https://example.org/s?id=1&timestamp=2&copy=3"


def read_body(body: str | None) -> Entry:
    return read_message(message(T, "江月", body))


def lines_of_front() -> int:
    return make_front().count(b"\n")


# Messages


def test_a_message_has_time_sender_text_and_its_own_bytes() -> None:
    data = message("23:59:58", "江月", "早上好")
    (entry,) = read_bytes(make_file(data)).entries
    assert entry == Entry(lines_of_front() + 1, dt.time(23, 59, 58), "江月", data, Kind.TEXT, "早上好")


def test_every_message_knows_its_line() -> None:
    data = make_file(
        message(T, "江月", "一"), message(T, "陆一鸣"), message(T, "石榴", link_f("a.pdf", "\n")), message(T, "可乐")
    )
    found = [data.split(b"\n")[entry.line - 1] for entry in read_bytes(data).entries]
    assert found == [f"> {T}  {name}  ".encode() for name in ("江月", "陆一鸣", "石榴", "可乐")]


def test_a_header_without_a_body_is_an_unsupported_kind() -> None:
    entry = read_body(None)
    assert (entry.kind, entry.text, entry.is_empty) == (Kind.UNSUPPORTED, "", True)


@pytest.mark.parametrize("blank", ["", " ", "   ", "　", "\u00a0"])
def test_a_blank_body_is_a_text(blank: str) -> None:
    entry = read_body(blank)
    assert (entry.kind, entry.text, entry.is_empty) == (Kind.TEXT, blank, False)


def test_the_last_of_several_messages_without_bodies_is_one_too() -> None:
    data = make_file(message(T, "江月"), message(T, "江月"), message(T, "江月", "好"), message(T, "江月"))
    kinds = [entry.kind for entry in read_bytes(data).entries]
    assert kinds == [Kind.UNSUPPORTED, Kind.UNSUPPORTED, Kind.TEXT, Kind.UNSUPPORTED]


def test_a_message_without_a_sender_is_kept() -> None:
    with_body, without = read_bytes(make_file(message(T, "", "早"), message(T, ""))).entries
    assert (with_body.sender, with_body.text, without.sender) == ("", "早", "")


@pytest.mark.parametrize("sender", [" 江月", "江月 ", "  江 月  ", "江月  ", "\t江月", "江月\u00a0"])
def test_a_sender_keeps_its_spaces(sender: str) -> None:
    transcript = read_bytes(make_file(message(T, sender, "早")))
    assert transcript.entries[0].sender == sender
    assert transcript.problems == ()


@pytest.mark.parametrize("sender", [" ", "   ", "\u3000", "\u00a0"])
def test_a_sender_of_spaces_alone_is_none(sender: str) -> None:
    assert read_message(message(T, sender, "早")).sender == ""


@pytest.mark.parametrize("sender", ["陆一鸣-云杉_支付～北京·技术", "a@b—c", "青禾??", "> 09:00:00", "x  y", "我"])
def test_a_sender_may_be_any_line(sender: str) -> None:
    assert read_message(message(T, sender, "早")).sender == sender


def test_a_sender_is_unescaped() -> None:
    assert read_message(message(T, "A&amp;amp;B &lt;x&gt;", "早")).sender == "A&B <x>"


@pytest.mark.parametrize(
    "text", ["早  ", " 早", "早\t", "a\x10b\x12\x14", "a\tb", "\u3000早\u00a0", "a\u2028b\x0b\x0c\x85c", "a\rb"]
)
def test_a_text_keeps_its_spaces_and_control_characters(text: str) -> None:
    transcript = read_bytes(make_file(message(T, "江月", text), message(T, "江月")))
    assert transcript.entries[0].text == text
    assert transcript.problems == ()


@pytest.mark.parametrize(
    "text",
    [
        "@江月? 好??",
        "a < b > c",
        "**粗** _斜_ # 1",
        "[2017]年",
        "[招商银行][一]",
        "- 12:00:00",
        "---",
        "x\u200b",
        "](",
        "[]",
    ],
)
def test_a_text_is_no_markup(text: str) -> None:
    entry = read_body(text)
    assert (entry.kind, entry.text) == (Kind.TEXT, text)


@pytest.mark.parametrize(
    "escaped", ["a < b & c", "a &lt; b &amp; c", "a &amp;lt; b &amp;amp; c", "a &amp;amp;lt; b & c"]
)
def test_a_text_is_unescaped_however_often_it_was_escaped(escaped: str) -> None:
    assert read_body(escaped).text == "a < b & c"


def test_an_address_in_a_text_keeps_its_parameters() -> None:
    url = "https://example.org/?a=1&timestamp=2&currency=3&notify_url=4"
    assert read_body(url).text == url


def test_a_very_long_line_is_one_text() -> None:
    news = "【支付早报】" + "今天，" * 20_000
    assert read_body(news).text == news


# Line ends and damaged files


def test_a_crlf_file_reads_the_same() -> None:
    data = make_file(
        message(T, "江月 ", "早 "),
        message(T, "江月", ""),
        message(T, "江月", " "),
        message(T, "陆一鸣"),
        message(T, "", "好"),
        message(T, ""),
        image(T, "石榴"),
        message(T, "石榴", link_a("T", URL)),
        message(T, "石榴", link_a("T", URL, "\n")),
        message(T, "石榴", link_b("T", URL, "sample_lu2046")),
        message(T, "石榴", link_f("a.pdf")),
    )
    unix, windows = read_bytes(data), read_bytes(with_crlf(data))
    assert windows.problems == unix.problems == ()
    assert windows.source == with_crlf(data)
    assert [entry._replace(source=b"") for entry in windows.entries] == [
        entry._replace(source=b"") for entry in unix.entries
    ]


def test_a_file_whose_trailing_spaces_were_trimmed_reads_the_same_with_notes() -> None:
    data = make_file(
        message(T, "江月", "早"), message(T, "江月", ""), message(T, "陆一鸣"), message(T, ""), image(T, "石榴")
    )
    trimmed = b"\n".join(line.rstrip() for line in data.split(b"\n"))
    whole, cut = read_bytes(data), read_bytes(trimmed)
    assert cut.source == trimmed
    assert codes(cut) == ["header_shape"] * 5
    assert [entry._replace(source=b"") for entry in cut.entries] == [
        entry._replace(source=b"") for entry in whole.entries
    ]


@pytest.mark.parametrize("end", ["", " ", "  ", "  \n", "  \n ", "  \n  ", "  \n   "])
def test_a_file_may_break_off_after_a_text(end: str) -> None:
    data = make_file(f"> {T}  江月  \n   \n早上好{end}".encode())
    transcript = read_bytes(data)
    assert transcript.entries[0].text.rstrip(" ") == "早上好"
    assert transcript.problems == ()
    assert transcript.source == data


def test_a_file_may_end_after_a_header() -> None:
    for end in (b"> 09:00:00  a  ", b"> 09:00:00  a  \n", b"> 09:00:00"):
        (entry,) = read_bytes(make_file(end)).entries
        assert (entry.kind, entry.source) == (Kind.UNSUPPORTED, end)


@pytest.mark.parametrize(
    "line", ["> 9:00:00  陆一鸣  ", "> 09:00  陆一鸣  ", "> 09:00:00陆一鸣  ", ">09:00:00  x  ", "> 引用", ">"]
)
def test_a_line_that_only_resembles_a_header_is_kept_as_text_with_its_line(line: str) -> None:
    data = make_file(message(T, "江月", "早"), f"{line}\n   \n好  \n   \n".encode())
    transcript = read_bytes(data)
    (entry,) = transcript.entries
    assert line in entry.text
    assert transcript.source == data
    found = next(problem for problem in transcript.problems if problem.code == "not_a_header")
    assert data.decode().split("\n")[found.line - 1] == line
    assert not transcript.errors


def test_a_text_that_begins_with_a_greater_than_sign_is_noted() -> None:
    transcript = read_bytes(make_file(message(T, "江月", "> 引用")))
    assert transcript.entries[0].text == "> 引用"
    assert codes(transcript) == ["not_a_header"]


def test_a_damaged_header_right_behind_another_is_noted_with_its_line() -> None:
    (problem,) = read_bytes(make_file(b"> 09:00:00  a  \n> 9:00  b  \n")).problems
    assert (problem.code, problem.line) == ("not_a_header", lines_of_front() + 2)


def test_an_escaped_greater_than_sign_may_begin_a_text() -> None:
    transcript = read_bytes(make_file(message(T, "江月", "&gt; 09:00:00  陆一鸣  ")))
    assert transcript.entries[0].text == "> 09:00:00  陆一鸣  "
    assert transcript.problems == ()


def test_a_text_of_several_lines_is_kept_with_a_note() -> None:
    transcript = read_bytes(make_file(message(T, "江月", "一\n\n二")))
    assert transcript.entries[0].text == "一\n\n二"
    assert codes(transcript) == ["several_lines"]


def test_text_before_the_first_message_is_kept_with_its_line() -> None:
    data = make_file(b"\n", b"  stray\n", message(T, "江月", "早"))
    transcript = read_bytes(data)
    (problem,) = transcript.problems
    assert (problem.code, problem.line, problem.is_error) == ("stray_text", lines_of_front() + 2, False)
    assert transcript.front.source.endswith(b"stray\n")
    assert transcript.entries[0].line == lines_of_front() + 3
    assert transcript.source == data


def test_blank_lines_before_the_first_message_are_no_problem() -> None:
    assert read_bytes(make_file(b"\n\n", message(T, "江月", "早"))).problems == ()


# Times, counts and bounds


@pytest.mark.parametrize("time", ["25:61:00", "24:00:00", "09:60:00", "09:00:60", "99:99:99"])
def test_a_time_that_does_not_exist_is_an_error_with_its_line(time: str) -> None:
    data = make_file(message(T, "江月", "早"), message(time, "江月", "好"))
    transcript = read_bytes(data)
    (problem,) = transcript.errors
    assert (problem.code, problem.line) == ("bad_time", lines_of_front() + 5)
    assert time in problem.message
    assert transcript.source == data


def test_times_that_run_backwards_are_noted() -> None:
    transcript = read_bytes(make_file(message("09:00:01", "江月", "早"), message("09:00:00", "江月", "好")))
    (problem,) = transcript.problems
    assert (problem.code, problem.line, problem.is_error) == ("time_runs_backwards", lines_of_front() + 5, False)


def test_equal_times_are_in_order() -> None:
    assert read_bytes(make_file(message(T, "江月", "早"), message(T, "江月", "好"))).problems == ()


@pytest.mark.parametrize("lines", ["1", "7", "99999999999999999999", "0"])
def test_a_count_that_differs_is_a_note(lines: str) -> None:
    transcript = read_bytes(make_file(message(T, "江月", "早"), message(T, "陆一鸣"), lines=lines))
    assert codes(transcript) == ["count_differs"]
    assert not transcript.errors


@pytest.mark.parametrize("lines", ["2", "2 ", None, "two", "-2", "²"])
def test_a_count_that_agrees_or_is_none_is_no_problem(lines: str | None) -> None:
    assert read_bytes(make_file(message(T, "江月", "早"), message(T, "陆一鸣"), lines=lines)).problems == ()


def test_a_day_without_messages_is_a_transcript() -> None:
    transcript = read_bytes(make_file(lines=0))
    assert (transcript.entries, transcript.problems) == ((), ())


def test_too_many_messages_are_an_error_with_the_line_of_the_first_too_many() -> None:
    full = make_file(*[b"> 09:00:00  a  \n"] * MAX_MESSAGES)
    assert len(read_bytes(full).entries) == MAX_MESSAGES
    (problem,) = read_bytes(full + b"> 09:00:00  a  \n").errors
    assert (problem.code, problem.line) == ("too_many_messages", lines_of_front() + MAX_MESSAGES + 1)


def test_an_overlong_message_is_an_error_and_its_neighbours_are_not() -> None:
    data = make_file(message(T, "江月", "早"), message(T, "江月", "x" * MAX_MESSAGE_BYTES), message(T, "江月", "好"))
    transcript = read_bytes(data)
    assert [(problem.code, problem.line) for problem in transcript.errors] == [
        ("message_too_long", lines_of_front() + 5)
    ]
    assert [entry.text for entry in transcript.entries] == ["早", "", "好"]
    assert transcript.source == data


def test_an_overlong_name_is_an_error() -> None:
    assert codes(read_bytes(make_file(message(T, "名" * MAX_SENDER, "早")))) == []
    assert codes(read_bytes(make_file(message(T, "名" * (MAX_SENDER + 1), "早")))) == ["sender_too_long"]


# Images


def test_an_image_has_an_address_and_no_text() -> None:
    entry = read_message(image("15:10:22", "江月", "http://img.example.org/img/20190315_151022.png", "2019-03-15"))
    assert (entry.kind, entry.text) == (Kind.IMAGE, "")
    assert entry.image == Image("http://img.example.org/img/20190315_151022.png")


def test_two_images_of_one_second_share_an_address() -> None:
    one, two = read_bytes(make_file(image(T, "江月"), image(T, "陆一鸣"))).entries
    assert one.image == two.image


def test_an_images_address_is_unescaped() -> None:
    found = read_body("![2019-03-15 09:00:00](https://img.example.org/a.png?x=1&amp;amp;y=2)").image
    assert found == Image("https://img.example.org/a.png?x=1&y=2")


@pytest.mark.parametrize(("url", "kept"), [("img/1.png", "img/1.png"), ("", ""), ("javascript:alert`1`", "")])
def test_an_images_address_may_be_a_path_but_no_script(url: str, kept: str) -> None:
    assert read_body(f"![2019-03-15 09:00:00]({url})").image == Image(kept)


@pytest.mark.parametrize(
    "text", ["![图](https://example.org/a.png)", "![2019-03-15](a)", "看 ![2019-03-15 09:00:00](a)"]
)
def test_an_image_somebody_typed_is_text(text: str) -> None:
    entry = read_body(text)
    assert (entry.kind, entry.text) == (Kind.TEXT, text)


# Links


@pytest.mark.parametrize("parted", ["", "\n", "\r\n"])
def test_form_a_is_a_title_and_an_address(parted: str) -> None:
    entry = read_body(link_a("【茶馆】幂等 &amp;amp; 重试", URL, parted))
    assert (entry.kind, entry.text, entry.account) == (Kind.LINK, "【茶馆】幂等 & 重试", "")
    assert entry.link == Link("【茶馆】幂等 & 重试", DECODED_URL)


@pytest.mark.parametrize("parted", ["\n", "\r\n"])
def test_form_b_is_an_anchor_before_the_left_over_cell(parted: str) -> None:
    entry = read_body(link_b("一文说清 &amp;lt;备付金&amp;gt;", URL.replace("&", "&amp;"), "sample_lu2046", parted))
    assert (entry.kind, entry.account) == (Kind.LINK, "sample_lu2046")
    assert entry.link == Link("一文说清 <备付金>", DECODED_URL)


@pytest.mark.parametrize("parted", ["\n", "\r\n"])
def test_form_c_is_a_title_before_the_left_over_cell(parted: str) -> None:
    entry = read_body(link_c("开工大吉 点击查看红包", "sample_lu2046", parted))
    assert (entry.kind, entry.account) == (Kind.LINK, "sample_lu2046")
    assert entry.link == Link("开工大吉 点击查看红包", "")


@pytest.mark.parametrize("parted", ["\n", "\r\n"])
def test_form_f_is_the_name_of_a_file(parted: str) -> None:
    entry = read_body(link_f("压测报告(v2) [终稿] &amp; 附件.xlsx", parted))
    name = "压测报告(v2) [终稿] & 附件.xlsx"
    assert (entry.kind, entry.text, entry.link) == (Kind.FILE, name, Link(name, ""))


@pytest.mark.parametrize("tail", ["]]&gt;", "]]>", "]]&amp;gt;", " "])
def test_what_the_export_left_behind_an_account_is_no_part_of_it(tail: str) -> None:
    assert read_body(link_c("红包", f"wxid_sample0000000a{tail}")).account == "wxid_sample0000000a"


def test_a_cell_without_an_account_gives_none() -> None:
    entry = read_body(link_c("红包", ""))
    assert (entry.kind, entry.account) == (Kind.LINK, "")


@pytest.mark.parametrize("parted", ["", "\n", "\r\n"])
@pytest.mark.parametrize("account", ["wxid_sample0000000c", "kele_sample77", "1234567@chatroom"])
def test_the_account_before_a_shared_apps_xml_is_not_its_title(account: str, parted: str) -> None:
    entry = read_body(link_a(f"{account}:", "&amp;lt;?xml version=&amp;quot;1.0&amp;quot;?&amp;gt;", parted))
    assert (entry.kind, entry.text, entry.link) == (Kind.LINK, "未知成员", Link("未知成员", ""))


def test_a_link_may_have_brackets_in_its_title() -> None:
    assert read_body(link_a("[转]账务(上)](下)", URL)).link == Link("[转]账务(上)](下)", DECODED_URL)


def test_a_link_may_have_no_title() -> None:
    assert read_body(link_a("", URL)).link == Link("", DECODED_URL)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "weixin://dl/business", "https://", 'https://example.org/"><script>']
)
def test_an_address_that_is_none_of_the_web_is_not_kept(url: str) -> None:
    entry = read_body(link_a("T", url))
    assert (entry.kind, entry.link) == (Kind.LINK, Link("T", ""))


def test_a_script_in_an_anchor_is_not_kept() -> None:
    assert read_body(link_b("T", "javascript:alert(1)", "sample_lu2046")).link == Link("T", "")


@pytest.mark.parametrize(
    "text",
    [
        "[强](说得好)",
        "[强](https://example.org/)",
        "[强]()",
        "[强][强](好)",
        "[注](见上文)",
        "看 [T](https://example.org/)",
        "[T](https://example.org/) 看",
    ],
)
def test_words_in_brackets_are_text(text: str) -> None:
    entry = read_body(text)
    assert (entry.kind, entry.text, entry.link) == (Kind.TEXT, text, None)


def test_lines_that_end_like_a_link_are_text() -> None:
    entry = read_body("[强]好\n见 [T](上文)")
    assert (entry.kind, entry.link) == (Kind.TEXT, None)


def test_an_account_in_a_broken_link_is_not_in_the_text() -> None:
    for body in (f"[T{CELL_END}\n]({NEXT_CELL}kele_sample77) 好", f"T{CELL_END}\n{NEXT_CELL}kele_sample77]]&gt;"):
        entry = read_body(body)
        assert entry.kind is Kind.TEXT
        assert "kele_sample77" not in entry.text
        assert entry.text.startswith(("[T</td></tr>", "T</td></tr>"))


def test_an_account_as_sender_is_kept_for_the_importer_to_hash() -> None:
    assert read_message(message(T, "wxid_sample0000000a]]>", "早")).sender == "wxid_sample0000000a]]>"
