"""Settings come from the environment, and a wrong one is refused by its name."""

from pathlib import Path

import pytest

from settings import Settings, SettingsError, table


def test_a_setting_is_read_from_its_variable() -> None:
    settings = Settings.from_environment({"CASELOAD_PORT": "9001", "CASELOAD_TEMPORAL_TLS": "true"})
    assert (settings.port, settings.temporal_tls) == (9001, True)


def test_an_empty_variable_leaves_the_default() -> None:
    assert Settings.from_environment({"CASELOAD_PORT": " "}).port == 8000


@pytest.mark.parametrize(
    ("variable", "text"),
    [("CASELOAD_PORT", "eighty"), ("CASELOAD_TEMPORAL_TLS", "perhaps"), ("CASELOAD_POLL_SECONDS", "soon")],
)
def test_a_wrong_value_is_refused_by_its_variable(variable: str, text: str) -> None:
    with pytest.raises(SettingsError, match=variable):
        Settings.from_environment({variable: text})


def test_a_missing_setting_is_named_with_its_meaning() -> None:
    with pytest.raises(SettingsError, match=r"CASELOAD_DATABASE_URL is not set: PostgreSQL URL"):
        Settings().required("database_url")


def test_the_master_key_is_read_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("a2V5\n")
    assert Settings(master_key_file=file).master_key_text() == "a2V5"


def test_a_master_key_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="CASELOAD_MASTER_KEY_FILE"):
        Settings(master_key_file=tmp_path / "none").master_key_text()


def test_the_table_tells_of_a_secret_only_that_it_is_set() -> None:
    rows = {row[0]: row for row in table(Settings(master_key="hidden-value"))}
    assert rows["CASELOAD_MASTER_KEY"][2] == "(set)"
    assert "hidden-value" not in str(rows)
