"""What the tenant's own history says of a claim before it is sent: the chance of a denial, and why."""

from services.insight.likelihood import Forecast
from ui.insight.likely_denials import reasons_list
from ui.insight.shares import percent
from ui.parts.buttons import link
from ui.parts.cards import card
from ui.parts.markup import Child, p
from ui.parts.states import Loaded

# Below this nobody would look twice: the card stays away.
WORTH_SAYING = 0.1


def likelihood_card(found: Loaded[Forecast]) -> Child:
    """The card of an unsent claim that is likelier to be denied than most; nothing for all others."""
    forecast = found.value
    if forecast is None or not forecast.claims or forecast.claims[0].chance < WORTH_SAYING:
        return None
    said, trust = forecast.claims[0], forecast.accuracy
    measured = (
        f"Of the tenth of claims that seemed riskiest in the last two months, {trust.top_denied:,} of"
        f" {trust.top_claims:,} were denied."
    )
    return card(
        f"{percent(said.chance)} chance of a denial",
        reasons_list(said),
        p(measured, cls="faint"),
        action=link("How it is measured", "/insight/likely-denials", look="tiny quiet"),
    )
