"""`samenspraak cap validate`: a line for each file."""

import json
import os
from pathlib import Path

from click.testing import CliRunner

from samenspraak.commands.cap import cap
from tests.cap_documents import alert, info


def test_each_file_gets_a_line_and_one_that_is_invalid_fails_the_command(tmp_path: Path) -> None:
    good, bad, absent = tmp_path / "goed é.xml", tmp_path / "slecht.xml", tmp_path / "weg.xml"
    good.write_text(alert(info("<web>/hier</web>")))
    bad.write_text(alert(info(), sent="2026-02-30T07:00:00+01:00"))
    done = CliRunner().invoke(cap, ["validate", str(good), str(bad), str(absent)])
    first, second, third = done.stdout.splitlines()
    assert done.exit_code == 1
    assert first == f"ok {good}"
    assert second.startswith(f"invalid {bad}: not CAP 1.2: Element 'sent'")
    assert third == f"invalid {absent}: cannot be read (No such file or directory)"
    assert done.stderr.splitlines() == [f"warning: {good}: info 1: relative link"]


def test_valid_files_end_well_also_as_json(tmp_path: Path) -> None:
    file = tmp_path / "a.xml"
    file.write_text(alert(info()))
    done = CliRunner().invoke(cap, ["validate", "--json", str(file)])
    assert done.exit_code == 0
    (found,) = json.loads(done.stdout)
    assert (found["path"], found["valid"], found["reason"]) == (str(file), True, None)
    assert found["messages"] == [
        {"sender": "meldkamer@example.be", "identifier": "LB-1", "type": "Alert", "status": "Actual"}
    ]


def test_a_folder_is_no_document(tmp_path: Path) -> None:
    done = CliRunner().invoke(cap, ["validate", str(tmp_path)])
    assert (done.exit_code, done.stdout) == (1, f"invalid {tmp_path}: cannot be read (Is a directory)\n")


def test_a_pipe_into_which_nobody_writes_is_refused_at_once(tmp_path: Path) -> None:
    pipe = tmp_path / "pijp.xml"
    os.mkfifo(pipe)
    done = CliRunner().invoke(cap, ["validate", str(pipe)])
    assert (done.exit_code, done.stdout) == (1, f"invalid {pipe}: is no ordinary file\n")
