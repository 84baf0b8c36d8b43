"""Sheets that are sent from a page: kept as drafts, so that nobody and nothing is changed before somebody has looked."""

from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from starlette.datastructures import FormData

from domain.refusals import Refusal
from domain.tenancy import Actor
from services.sheets import imports
from services.sheets.staging import LARGEST_BYTES
from services.sheets.views import SheetView
from services.workforce import imports as employees

Asker = Callable[[Request], Awaitable[Actor]]
Form = Callable[[Request, int], Awaitable[tuple[FormData, str, bytes]]]


def serve(root: FastAPI, asker: Asker, form: Form, told: Callable[[Refusal], JSONResponse]) -> None:
    """Register both. `asker` says who asks, `form` reads what was sent, `told` answers a refusal."""

    async def kept(
        request: Request, stage: Callable[[Actor, str, str, bytes], Awaitable[SheetView]]
    ) -> SheetView:
        actor = await asker(request)
        # One byte more than is taken in, so that a larger file is refused and never cut short.
        typed, name, body = await form(request, LARGEST_BYTES + 1)
        return await stage(actor, str(typed.get("kind", "")), name, body)

    def answer(
        place: str, stage: Callable[[Actor, str, str, bytes], Awaitable[SheetView]]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def bring(request: Request) -> Response:
            try:
                brought = await kept(request, stage)
            except Refusal as refusal:
                return told(refusal)
            words = "The sheet was kept: look at it and take it in."
            return JSONResponse(
                {"title": brought.line.name, "what_to_do": words, "go": f"{place}/{brought.id}"}
            )

        return bring

    employed = answer(
        "/team/employees/imports",
        lambda actor, _, name, body: employees.stage_employee_file(actor, name, body),
    )
    root.add_api_route("/upload/employees", employed, methods=["POST"], include_in_schema=False)
    brought = answer("/care/imports", imports.stage_sheet)
    root.add_api_route("/upload/sheet", brought, methods=["POST"], include_in_schema=False)
