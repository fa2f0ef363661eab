"""`cleancopy clean` as a filter: what goes in, what comes out, in what shape."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from cleaners.ledger import revert
from schemas.edit import Edit, Step

BIN = Path(sys.executable).parent / "cleancopy"

KEYS = [
    *("id", "verdict", "text", "text_as_written", "title", "authors", "published"),
    *("lang", "languages", "rights", "mentions"),
]

SENTENCE = "The ferry left the port at night, and all who were on board arrived safely in the morning."

PROSE = "The harbour office said in the evening that the line would run again on Monday, unless the forecast changed."
LOOSE = "\n".join(
    [
        *("Ferry arrives late", f"{SENTENCE} {PROSE}", PROSE, f"{PROSE} {SENTENCE}"),
        *(
            "Related articles",
            "Five harbours to see before you die",
            "Read more",
            "More from the coast",
            "Advertisement",
        ),
        *("Sign up for our newsletter", "Share this article", "Leave a comment", "Most read", "About us", "Contact"),
    ]
)

UNSURE = "\n".join(
    [
        *("Ferry arrives late", f"{SENTENCE} {PROSE}", PROSE, f"{PROSE} {SENTENCE}"),
        *("Five harbours to see before you die", "More from the coast", "Harbour news every week", "Our newsroom"),
        *("Ferry firm names new captain", "What to know before you sail", "See all harbour stories", "Watch the film"),
        *("Photo of the week", "Listen to this story", "The port of the month", "Harbour wire", "Weather", "Join us"),
        *("Old lighthouse to close in spring", "Two boats collide off the cape", "Ask the captain", "Next story"),
        *("Island bakery wins prize", "Ten minutes to read"),
    ]
)

TEXT = """Home Ferry arrives late
Ferry arrives late

The ferry to Shushi left the port at night, and all who were on board arrived safely in the Nagarno-Karabakh region.

SUPPORT THE HARBOUR WIRE:

PayPal: ferry@harbour.example
"""


def clean(lines, *options):
    given = "".join(line if isinstance(line, str) else json.dumps(line) + "\n" for line in lines)
    done = subprocess.run(
        [BIN, "clean", "--jsonl", *options], input=given.encode(), capture_output=True, check=False, timeout=120
    )
    assert b"Traceback" not in done.stderr, done.stderr
    return done.returncode, [json.loads(line) for line in done.stdout.decode().split("\n")[:-1]]


def test_one_line_out_for_each_line_in_in_order():
    rows = [
        {"id": 1, "text": TEXT, "unknown": "x"},
        "{broken\n",
        "\n",
        "[1]\n",
        {"id": "5", "html": "<p>One sentence about the ferry that left at night.</p>"},
        {"id": None, "text": 7},
        {"id": {"a": 1}, "text": ""},
        {"id": 8, "text": "No line end after the last line, and a \u2028 within it."},
    ]
    status, out = clean(rows)
    assert status == 0
    assert [row["id"] for row in out] == [1, None, None, None, "5", None, {"a": 1}, 8]
    verdicts = [row["verdict"] for row in out]
    assert verdicts == ["ok", "undecodable", "undecodable", "undecodable", "ok", "error", "empty", "ok"]
    assert all(set(KEYS) <= set(row) for row in out)
    assert list(out[0]) == KEYS
    assert [row["line"] for row in out[1:4]] == [2, 3, 4]
    assert out[6]["text"] == ""


def test_the_text_the_publisher_s_names_and_the_mentions():
    _, (row,) = clean([{"id": 1, "text": TEXT}])
    assert "Shusha" in row["text"]
    assert "Nagorno-Karabakh" in row["text"]
    assert row["text_as_written"].count("Shushi") == 1
    assert "PayPal" not in row["text"]
    for mention in row["mentions"]:
        assert TEXT[mention["start"] : mention["end"]] == mention["surface"]
        assert row["text"][mention["text_start"] : mention["text_end"]] == mention["form"]
    assert [m["entity"] for m in row["mentions"]] == ["pl:shusha", "pl:nagorno_karabakh"]


def test_keep_source_keeps_every_name():
    _, (row,) = clean([{"id": 1, "text": TEXT}], "--names", "keep-source")
    assert row["text"] == row["text_as_written"]
    assert "Shushi" in row["text"]
    assert len(row["mentions"]) == 2


def test_the_ledger_turns_the_text_back():
    _, (row,) = clean([{"id": 1, "text": TEXT}], "--ledger")
    steps = [Step(s["cleaner"], s["version"], tuple(Edit(**e) for e in s["edits"])) for s in row["steps"]]
    assert row["extracted"] == TEXT
    assert revert(row["text"], steps) == TEXT


def test_answers_come_while_the_input_is_still_open():
    with subprocess.Popen([BIN, "clean", "--jsonl"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        for number in range(3):
            process.stdin.write(json.dumps({"id": number, "text": TEXT}).encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == number
        process.stdin.close()
        assert process.wait(30) == 0


def test_strict_tells_of_a_failed_page():
    assert clean([{"id": 1, "text": ""}], "--strict")[0] == 1
    assert clean([{"id": 1, "text": TEXT}], "--strict")[0] == 0


def test_a_page_in_and_its_text_out(tmp_path):
    (tmp_path / "page.html").write_text(
        "<html><head><title>Late</title></head><body><nav><a href='/'>Home</a></nav><article>"
        + "".join(f"<p>{SENTENCE} It was number {n}.</p>" for n in range(4))
        + "</article><footer>All rights reserved</footer></body></html>",
        "utf-8",
    )
    done = subprocess.run([BIN, "clean", tmp_path / "page.html"], capture_output=True, text=True, check=True)
    assert done.stdout == "\n\n".join(f"{SENTENCE} It was number {n}." for n in range(4)) + "\n"


def test_removal_says_how_much_is_taken():
    rows = [{"id": 1, "text": UNSURE}]
    texts = [clean(rows, "--removal", removal)[1][0]["text"] for removal in ("conservative", "eager")]
    assert len(texts[0]) > len(texts[1])
    assert PROSE in texts[1]


def test_explain_shows_what_was_taken_and_by_which_rule():
    done = subprocess.run([BIN, "clean", "--explain"], input=TEXT, capture_output=True, text=True, check=True)
    assert "[-Home Ferry arrives late" in done.stdout
    assert "[-Shushi-][+Shusha+]{names:name_policy/pl:shusha}" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--names", "nobody"], "nobody"),
        (["--jsonl", "--explain"], "--explain"),
        (["--ledger"], "--jsonl"),
        (["--removal", "ruthless"], "conservative"),
    ],
    ids=["unknown policy", "two modes", "ledger without rows", "unknown removal"],
)
def test_wrong_usage(arguments, said):
    done = subprocess.run([BIN, "clean", *arguments], input="x", capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_file_is_told_by_its_name():
    done = subprocess.run([BIN, "clean", "no-such-page.html"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "no-such-page.html" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_page_that_is_too_large_is_refused_and_not_cut(tmp_path):
    with (tmp_path / "huge.html").open("wb") as file:
        file.truncate((200 << 20) + 1)
    done = subprocess.run([BIN, "clean", tmp_path / "huge.html"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "holds more than 200 MiB" in done.stderr
