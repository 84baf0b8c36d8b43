"""Histories of workflows as they are kept beside the tests, and the order of their commands."""

import base64
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from temporalio.client import WorkflowHandle

from tests.fixtures.lifecycle import Walk

HISTORIES = Path(__file__).parent.parent / "data" / "histories"
_DECIDED = (
    "timer_started",
    "timer_canceled",
    "workflow_execution_completed",
    "workflow_execution_continued_as_new",
)
Handle = WorkflowHandle[Any, Any]
Scenario = Callable[[Walk], Awaitable[Handle]]


def commands(history: dict[str, Any]) -> list[str]:
    """What the workflow decided, in order: activities by name, timers, its end. Another order needs a patch marker."""
    return [told for event in history["events"] if (told := _command(event))]


def _command(event: dict[str, Any]) -> str:
    if scheduled := event.get("activityTaskScheduledEventAttributes"):
        return str(scheduled["activityType"]["name"])
    if marker := event.get("markerRecordedEventAttributes"):
        return _marked(marker)
    kind = event["eventType"].removeprefix("EVENT_TYPE_").lower()
    return kind if kind in _DECIDED else ""


def _marked(marker: dict[str, Any]) -> str:
    if marker["markerName"] != "core_local_activity":
        return str(marker["markerName"])
    described = marker["details"]["data"]["payloads"][0]["data"]
    return str(json.loads(base64.b64decode(described))["activity_type"])


async def history_of(process: Handle) -> dict[str, Any]:
    """The history as the server keeps it: payloads sealed."""
    history: dict[str, Any] = json.loads((await process.fetch_history()).to_json())
    return history
