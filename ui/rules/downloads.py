"""A decision table as a file: its rows as CSV, the table with its tests as JSON."""

from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request
from fastapi.responses import Response

from domain.refusals import Refusal
from domain.tenancy import Actor
from ui.rules.table_files import grid_csv, table_json


def serve(
    root: FastAPI,
    asker: Callable[[Request], Awaitable[Actor]],
    refused: Callable[[Request, Refusal], Response],
) -> None:
    """Register both. `asker` says who asks, `refused` answers a refusal."""

    @root.get("/export/decision-table.csv", include_in_schema=False)
    async def rows(request: Request, table: str = "") -> Response:
        try:
            text = await grid_csv(await asker(request), table)
        except Refusal as refusal:
            return refused(request, refusal)
        return _file(text, "text/csv; charset=utf-8", "decision-table.csv")

    @root.get("/export/decision-table.json", include_in_schema=False)
    async def whole(request: Request, table: str = "", version: int | None = None) -> Response:
        try:
            text = await table_json(await asker(request), table, version)
        except Refusal as refusal:
            return refused(request, refusal)
        return _file(text, "application/json", "decision-table.json")


def _file(text: str, media_type: str, name: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(text, media_type=media_type, headers=headers)
