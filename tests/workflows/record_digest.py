"""Records the history that the replay test reads: `python -m pytest tests/workflows/record_digest.py`."""

import json
from datetime import UTC, datetime, timedelta

from integrations.mail import SmtpMail
from services.work import notifications
from services.work.notifications import ChoiceFacts
from tests.fixtures.mail import digest_clock, post_office
from tests.fixtures.tenancy import TenantFixture
from tests.workflows.histories import HISTORIES
from tests.workflows.test_daily_digest import SENDER, ended, process_of, tell


async def test_record(north: TenantFixture) -> None:
    """An e-mail that was moved to another hour, refused for now, then sent; and one that was refused for good."""
    for name, answer in (("digest_sent", "451 come again"), ("digest_refused", "550 nobody here")):
        biller = await north.actor("Biller")
        with post_office() as office:
            office.refusals = [answer]
            async with digest_clock(SmtpMail(office.url, SENDER)) as environment:
                await tell(north, biller, "C-1001 held")
                hour = (datetime.now(UTC) + timedelta(hours=3)).hour
                await notifications.choose(biller, ChoiceFacts(zone="UTC", digest_hour=hour))
                process = await process_of(environment, north, biller)
                await ended(environment, process)
                history = await process.fetch_history()
        kept = {"workflow_id": history.workflow_id, "history": json.loads(history.to_json())}
        (HISTORIES / f"{name}.json").write_text(json.dumps(kept, indent=1) + "\n")
