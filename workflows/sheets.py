"""A spreadsheet that is taken in row by row."""

from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.sheets import SheetProgress, SheetTask, take_sheet_portion
    from workflows.options import RETRY

# A history of so many portions stays small; a longer sheet goes on in a new one.
PORTIONS = 400


@workflow.defn
class SheetImport:
    """Takes in portion by portion until no row is left or it was stopped."""

    @workflow.init
    def __init__(self, task: SheetTask) -> None:
        self._asked = True

    @workflow.run
    async def run(self, task: SheetTask) -> None:
        for _ in range(PORTIONS):
            self._asked = False
            progress: SheetProgress = await workflow.execute_activity(
                take_sheet_portion,
                task,
                start_to_close_timeout=timedelta(seconds=120),
                retry_policy=RETRY,
            )
            # Somebody may have had it go on while the portion that found it stopped was answering.
            if not progress.left and not (self._asked and workflow.patched("asked-meanwhile")):
                return
        workflow.continue_as_new(task)

    @workflow.signal
    def go_on(self, task: SheetTask) -> None:
        """Somebody had it begin, or go on after it had stopped; the rows say what is left."""
        self._asked = True
