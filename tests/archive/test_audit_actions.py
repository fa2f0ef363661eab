"""A forger who makes every digest fit again still cannot have a commit do, or say, what none may."""

import json

import pytest
from forgery import add_line, change_log

from archive.archive import open_archive
from archive.audit import audit
from archive.versions import find_version, versions

NEWEST = ("revisions", 4)
FIELDS = {"id": "0", "format": {"provider": "parquet"}, "partitionColumns": [], "configuration": {}}
FEWER = {"metaData": FIELDS | {"schemaString": '{"type":"struct","fields":[{"name":"doc_id","type":"string"}]}'}}
FORGED_LOGS = {
    "a protocol": ("log-action-refused", add_line(*NEWEST, '{"protocol": {"minReaderVersion": 99}}')),
    "the protocol again": (
        "log-action-refused",
        add_line(*NEWEST, '{"protocol": {"minReaderVersion": 1, "minWriterVersion": 2}}'),
    ),
    "a table of fewer columns": ("log-action-refused", add_line(*NEWEST, json.dumps(FEWER))),
    "another first protocol": (
        "log-action-refused",
        change_log("revisions", 0, '"minReaderVersion": 1', '"minReaderVersion": 99'),
    ),
    "a feature": (
        "log-action-refused",
        change_log("captures", 0, '"minReaderVersion": 1', '"readerFeatures": ["x"], "minReaderVersion": 1'),
    ),
    "a partition": (
        "log-action-refused",
        change_log(*NEWEST, '"partitionValues": {}', '"partitionValues": {"title": "Another"}'),
    ),
    "no partition values": ("log-action-refused", change_log(*NEWEST, '"partitionValues": {}, ', "")),
    "partition columns": (
        "log-action-refused",
        change_log("events", 0, r'"partitionColumns": \[\]', '"partitionColumns": ["kind"]'),
    ),
    "a row id": ("log-action-refused", change_log(*NEWEST, '"baseRowId": null', '"baseRowId": 7')),
    "an empty deletion vector": ("log-action-refused", change_log(*NEWEST, '"tags"', '"deletionVector": {}, "tags"')),
    "least version": (
        "log-disagrees",
        change_log(*NEWEST, r'(minValues.{,90}version\\": )4', r"\g<1>3"),
    ),
    "most version": ("log-disagrees", change_log(*NEWEST, r'(maxValues.{,90}version\\": )4', r"\g<1>5")),
    "a version as text": ("log-disagrees", change_log(*NEWEST, r'(maxValues.{,90}version\\": )4', r'\g<1>\\"4\\"')),
    "least time": ("log-disagrees", change_log(*NEWEST, r"(minValues.{,140})2020-11-13", r"\g<1>2020-11-12")),
    "most time": ("log-disagrees", change_log(*NEWEST, r"(maxValues.{,140})2020-11-13", r"\g<1>2020-11-14")),
    "least document": ("log-disagrees", change_log(*NEWEST, r'(minValues.{,20}doc_id\\": \\")[0-9a-f]', r"\g<1>-")),
    "nulls": ("log-disagrees", change_log(*NEWEST, r'(nullCount.{,60}version\\": )0', r"\g<1>1")),
    "rows": ("log-disagrees", change_log(*NEWEST, r'(numRecords\\": )\d+', r"\g<1>9")),
    "rows as text": ("log-disagrees", change_log(*NEWEST, r'(numRecords\\": )\d+', r'\g<1>\\"9\\"')),
    "another statistic": ("log-disagrees", change_log(*NEWEST, "numRecords", r'tightBounds\\": false, \\"numRecords')),
    "another run": ("log-disagrees", change_log(*NEWEST, r'"appId": "[0-9a-f]', '"appId": "-')),
    "a key of an action twice": ("log-unreadable", change_log(*NEWEST, '"size":', '"size": 1, "size":')),
    "a key of the statistics twice": (
        "log-unreadable",
        change_log(*NEWEST, "numRecords", r'numRecords\\": 1, \\"numRecords'),
    ),
    "the body twice": (
        "log-unreadable",
        change_log(*NEWEST, '"cleancopy.body"', '"cleancopy.body": "", "cleancopy.body"'),
    ),
    "two actions in a line": ("log-unreadable", change_log(*NEWEST, '{"txn"', '{"metaData": {}, "txn"')),
    "a flag that is none": ("log-unreadable", change_log(*NEWEST, '"dataChange": true', '"dataChange": 1')),
    "a time that is none": (
        "log-unreadable",
        change_log(*NEWEST, r'"modificationTime": \d+', '"modificationTime": "x"'),
    ),
    "parameters that are none": (
        "log-unreadable",
        change_log(*NEWEST, r'"operationParameters": \{', '"operationParameters": 7, "was": {'),
    ),
    "a transaction without a number": (
        "log-unreadable",
        change_log(*NEWEST, r'"version": \d+\}\}', '"version": "x"}}'),
    ),
    "statistics that are none": ("log-unreadable", change_log(*NEWEST, '"stats": ', '"stats": {}, "was": ')),
    "a number that is none": ("log-unreadable", change_log(*NEWEST, '"tags": null', '"tags": NaN')),
}
"""Changes of a log file that no later one vouches for, or of all of them; only the action itself can give it away."""


@pytest.mark.parametrize("forged", FORGED_LOGS)
def test_a_forged_action_is_found_whoever_made_everything_else_fit(archive_copy, forger, forged):
    code, change = FORGED_LOGS[forged]
    forger.forge(log=change)
    seal = (archive_copy / "seal.txt").read_text().splitlines()[3].removeprefix("seal ")
    found = {finding.code for finding in audit(archive_copy, seal=seal if code != "log-unreadable" else None)}
    assert found == {code} | ({"file-unvouched"} if code == "log-unreadable" else set())


def test_a_body_with_a_key_twice_is_found(archive_copy, forger):
    forger.forge(log=change_log(*NEWEST, r'(cleancopy.body": "\{)', r'\g<1>\\"time\\":\\"\\",'))
    assert {(f.code, "twice" in f.detail) for f in audit(archive_copy)} >= {("log-unreadable", True)}


def test_the_time_of_a_log_file_is_nobodys_business(archive_copy, forger):
    forger.forge(log=change_log(*NEWEST, r'"timestamp": \d+', '"timestamp": 0'))
    known = versions(open_archive(archive_copy))
    assert list(audit(archive_copy)) == []
    assert find_version(known, known[-1].time).version == 4
