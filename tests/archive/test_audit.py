"""An archive as it was written has no findings, wherever it stands; the audit judges and never raises."""

import random
import shutil
import subprocess
import sys

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from archive.audit import NotAnArchive, audit, codes
from archive.audit_states import turn_back


def test_an_untouched_archive_has_no_findings(small_archive):
    assert list(audit(small_archive.root)) == []


def test_an_archive_without_any_version_has_no_findings(build, tmp_path):
    build(tmp_path / "new")
    assert list(audit(tmp_path / "new")) == []


def test_a_moved_or_copied_archive_has_no_findings(archive_copy, tmp_path):
    moved = tmp_path / "elsewhere" / "архив 🏔"
    moved.parent.mkdir()
    shutil.move(archive_copy, moved)
    assert list(audit(moved)) == []


def test_an_archive_can_be_named_through_a_link(small_archive, tmp_path):
    (tmp_path / "link").symlink_to(small_archive.root)
    assert list(audit(tmp_path / "link")) == []


def test_the_audit_changes_nothing(archive_copy):
    def state():
        return {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in archive_copy.rglob("*") if p.is_file()}

    before = state()
    list(audit(archive_copy))
    assert state() == before


def test_a_folder_without_an_archive_is_named_with_what_to_do(tmp_path):
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(NotAnArchive, match=r"no archive in .*; give the folder that holds cleancopy\.json"):
            audit(folder)


@pytest.mark.parametrize("seal", ["", "1234567", "not a seal", "0x12345678"])
def test_a_seal_that_cannot_be_one_is_refused(small_archive, seal):
    with pytest.raises(ValueError, match="8 or more"):
        audit(small_archive.root, seal=seal)


def test_progress_is_told_in_stages(small_archive):
    told = []
    list(audit(small_archive.root, progress=lambda *step: told.append(step)))
    assert list(dict.fromkeys(stage for stage, _, _ in told)) == ["files", "rows", "records"]
    assert all(0 <= done < total for _, done, total in told)


def test_findings_come_while_the_audit_is_still_reading(archive_copy):
    (archive_copy / "README.txt").unlink()
    told = []
    findings = audit(archive_copy, progress=lambda *step: told.append(step))
    assert next(findings).path == "README.txt"
    assert {stage for stage, _, _ in told} == {"files"}


@pytest.mark.parametrize("seed", range(30))
def test_an_archive_in_ruins_gives_findings_and_no_exception(archive_copy, seed):
    dice = random.Random(seed)
    files = sorted(path for path in archive_copy.rglob("*") if path.is_file())
    for path in dice.sample(files, dice.randint(2, len(files))):
        match dice.randrange(5):
            case 0:
                path.unlink()
            case 1:
                path.write_bytes(b"")
            case 2:
                path.write_bytes(dice.randbytes(dice.randrange(3000)))
            case 3:
                content = bytearray(path.read_bytes())
                for _ in range(dice.randint(1, 50)):
                    content[dice.randrange(len(content))] = dice.randrange(256)
                path.write_bytes(content)
            case 4:
                path.write_bytes(dice.choice([p for p in files if p.exists()]).read_bytes())
    findings = list(audit(archive_copy))
    assert findings
    assert {finding.code for finding in findings} <= set(codes())


@pytest.mark.parametrize(
    "line",
    [
        b"[" * 100_000,
        b"null\n",
        b'{"commitInfo":[]}\n',
        b'{"commitInfo":{"cleancopy.files":"{\\"\\\\ud800\\":\\"\\"}"}}\n',
        b'{"commitInfo":{"cleancopy.files":"{}","cleancopy.body":"\\ud800","cleancopy.seal":""}}\n',
        b'{"commitInfo":{"cleancopy.files":"{}"},"add":{"path":1}}\n',
        b'{"commitInfo":{"cleancopy.files":"{}"},"add":{"path":"x","size":1e999,"stats":"[]"}}\n',
    ],
)
@pytest.mark.parametrize("table", ["captures", "revisions"])
def test_a_hostile_newest_commit_is_a_finding(archive_copy, table, line):
    (archive_copy / "seal.txt").unlink()
    name = f"{table}/_delta_log/00000000000000000005.json"
    (archive_copy / name).write_bytes(line)
    assert name in {finding.path for finding in audit(archive_copy)}


def test_a_log_file_with_a_huge_number_does_not_keep_the_audit_busy(archive_copy):
    stray = "captures/_delta_log/99999999999999999999.json"
    (archive_copy / stray).write_text("{}\n")
    assert [(f.code, f.path) for f in audit(archive_copy)] == [("file-unknown", stray)]


def test_a_damaged_record_is_told_apart_from_its_neighbours(archive_copy):
    """A flipped byte in one of three records: the other two are still checked, and not reported."""
    warc = min((archive_copy / "raw").iterdir())
    content = bytearray(warc.read_bytes())
    starts = [place for place in range(len(content)) if content.startswith(b"\x1f\x8b\x08\x00", place)]
    content[starts[1] + 40] ^= 0xFF
    warc.write_bytes(content)
    findings = list(audit(archive_copy))
    assert {finding.path for finding in findings} == {f"raw/{warc.name}"}
    assert sorted(finding.code for finding in findings)[:1] == ["file-changed"]
    assert sum(finding.code in {"raw-missing", "raw-changed"} for finding in findings) == 1


def test_the_audit_shares_no_code_with_the_writer():
    script = (
        "import sys, archive.audit; print(*sorted(m for m in sys.modules if m.startswith(('archive.', 'cleaners'))))"
    )
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert loaded == sorted(name for name in loaded if name.startswith("archive.audit"))


@st.composite
def steps_and_texts(draw):
    """A text, the steps that change it, and what they make of it."""
    before = text = draw(st.text(max_size=40))
    steps = []
    for _ in range(draw(st.integers(0, 3))):
        cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=6)))
        edits, made, at = [], [], 0
        for start, end in zip(cuts[::2], cuts[1::2], strict=False):
            after = draw(st.text(max_size=4))
            edits.append({"start": start, "end": end, "before": text[start:end], "after": after, "rule": "a:b/c"})
            made += [text[at:start], after]
            at = end
        text = "".join([*made, text[at:]])
        steps.append({"cleaner": "a", "version": "1", "edits": edits})
    return before, steps, text


@given(steps_and_texts())
def test_turning_back_gives_the_text_that_the_steps_were_applied_to(example):
    before, steps, after = example
    assert turn_back(after, steps) == before


@given(steps_and_texts(), st.text(max_size=40))
def test_turning_back_another_text_is_refused_or_gives_another_result(example, other):
    before, steps, after = example
    assume(other != after)
    try:
        back = turn_back(other, steps)
    except ValueError:
        back = None
    assert back != before
