"""Every page; importing this registers them."""

import ui.claims.detail
import ui.claims.entry
import ui.claims.listing
import ui.work.queue  # noqa: F401
