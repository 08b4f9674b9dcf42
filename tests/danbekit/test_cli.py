"""The library's command: files in, results out."""

import json
from pathlib import Path

import pytest

from danbekit.cli import main


def test_an_interview_in_a_file_is_screened(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "interview.json"
    said = {"act_moved": "yes", "purpose_begging": "yes"}
    file.write_text(json.dumps({"answers": said, "age_at_act": [11, 13]}))
    assert main(["screen", str(file)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["result"] == "grounds"
    assert told["forms"] == {"ForcedBegging": ["purpose_begging"]}


@pytest.mark.parametrize(
    "text",
    [
        "not json",
        "[]",
        '{"answers": {"nothing_such": "yes"}}',
        '{"answers": {}, "age_at_act": [20, 10]}',
        '{"answers": {}, "age_at_act": 12}',
        '{"answers": {}, "age_at_act": ["12", "13"]}',
    ],
)
def test_a_bad_file_is_one_sentence(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "interview.json"
    file.write_text(text)
    assert main(["screen", str(file)]) == 2
    assert capsys.readouterr().err.startswith("danbekit: ")
    assert main(["screen", str(tmp_path / "none.json")]) == 2
