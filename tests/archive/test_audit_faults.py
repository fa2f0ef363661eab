"""Random faults, one at a time: each is found, and each damaged file is named."""

import pytest

from benchmarks.faults import KINDS, campaign, main


@pytest.mark.slow
def test_ten_faults_of_each_kind_are_found_and_named(small_archive):
    outcomes = list(campaign(small_archive.root, 10 * len(KINDS), seed=2020))
    assert [outcome.kind for outcome in outcomes].count("swap two files") == 10
    assert [outcome for outcome in outcomes if not (outcome.found and outcome.named)] == []


def test_the_same_seed_makes_the_same_faults_and_leaves_the_archive_alone(small_archive):
    before = {p: p.read_bytes() for p in small_archive.root.rglob("*") if p.is_file()}
    first, again = (list(campaign(small_archive.root, 6, seed=7)) for _ in range(2))
    assert first == again
    assert {p: p.read_bytes() for p in small_archive.root.rglob("*") if p.is_file()} == before


def test_the_command_prints_a_table_and_succeeds(small_archive, capsys):
    assert main([str(small_archive.root), "--faults", "6", "--seed", "3"]) == 0
    table = capsys.readouterr().out.splitlines()
    assert [line.split()[-4:] for line in table if line.startswith("all")] == [["6", "6", "6", "0"]]


@pytest.mark.parametrize("sound", [True, False])
def test_an_archive_that_is_missing_or_not_sound_is_refused(archive_copy, tmp_path, capsys, sound):
    (archive_copy / "README.txt").unlink()
    assert main([str(tmp_path / "nowhere" if sound else archive_copy)]) == 2
    assert capsys.readouterr().err
