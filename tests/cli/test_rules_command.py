"""`caseload rules` prints the whole catalogue, for people and for programs."""

import json

from typer.testing import CliRunner

from cli.rules import app
from domain.claims.rules import CATALOGUE
from domain.claims.rules.institutional import INSTITUTIONAL_RULES


def test_every_rule_is_printed_with_its_id() -> None:
    answer = CliRunner().invoke(app, [])
    assert answer.exit_code == 0
    assert all(rule.id in answer.output for rule in (*CATALOGUE, *INSTITUTIONAL_RULES))
    assert f"{len(CATALOGUE) + len(INSTITUTIONAL_RULES)} rules" in answer.output


def test_the_catalogue_is_json_when_asked() -> None:
    answer = CliRunner().invoke(app, ["--json"])
    printed = json.loads(answer.output)
    assert [rule["id"] for rule in printed] == [rule.id for rule in (*CATALOGUE, *INSTITUTIONAL_RULES)]
    assert set(printed[0]) == {"id", "family", "severity", "sentence", "what_to_do", "citation", "forms"}
    forms = {rule["id"]: rule["forms"] for rule in printed}
    assert forms["CL-INS-001"] == ["institutional"]
    assert forms["CL-IDN-001"] == ["professional", "institutional"]
