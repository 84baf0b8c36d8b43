"""Setting connections up step by step, replacing their keys, and the test file of a new one."""

from dataclasses import dataclass
from uuid import UUID

from litestar import Controller, get, post, put

from domain.tenancy import Actor
from services.clientele import connection_keys as keys
from services.clientele import connection_setup as setup
from services.clientele import trials
from services.clientele.connection_facts import ConnectionView
from services.clientele.connection_setup import FolderFacts, PartnerFacts, SeenHostKey
from services.clientele.connection_words import ConnectionTest
from services.clientele.trials import TrialFacts, TrialView


@dataclass(frozen=True, slots=True)
class Published:
    """The fingerprint that the partner published; with a reason when another key was pinned before."""

    published: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Use:
    """What a connection is for: T test, P production."""

    usage_indicator: str = "T"


@dataclass(frozen=True, slots=True)
class AgainOrEnd:
    """Try the step that failed again, or with `end` give the trial up."""

    end: bool = False


class ConnectionSetup(Controller):
    """A connection set up in steps: partner, key, host key, folders, test file."""

    path = "/connections"
    tags = ("Connection setup",)

    @post("/setup")
    async def begin_setup(self, actor: Actor, data: PartnerFacts) -> ConnectionView:
        """Keep the partner's facts; our key pair is made and its public key comes back."""
        return await setup.begin_setup(actor, data)

    @put("/{connection_id:uuid}/setup")
    async def change_partner(self, actor: Actor, connection_id: UUID, data: PartnerFacts) -> ConnectionView:
        """Correct the partner's facts while the connection is being set up."""
        return await setup.change_partner(actor, connection_id, data)

    @post("/{connection_id:uuid}/setup/key-given", status_code=200)
    async def key_is_with_partner(self, actor: Actor, connection_id: UUID) -> ConnectionView:
        """Say that the partner has our public key."""
        return await setup.key_is_with_partner(actor, connection_id)

    @post("/{connection_id:uuid}/setup/key-to-practice", status_code=200)
    async def give_key_to_practice(self, actor: Actor, connection_id: UUID) -> ConnectionView:
        """Hand our public key to the practice clearinghouse."""
        return await setup.give_key_to_practice(actor, connection_id)

    @post("/{connection_id:uuid}/host-key/look", status_code=200)
    async def look_at_host_key(self, actor: Actor, connection_id: UUID) -> SeenHostKey:
        """Fetch the key that the server shows now; its fingerprint is to be compared with the published one."""
        return await setup.look_at_host_key(actor, connection_id)

    @post("/{connection_id:uuid}/host-key/pin", status_code=200)
    async def pin_host_key(self, actor: Actor, connection_id: UUID, data: Published) -> ConnectionView:
        """Pin the key that was seen; refused with both fingerprints when it is not the published one."""
        return await setup.pin_host_key(actor, connection_id, data.published, data.reason)

    @post("/{connection_id:uuid}/folders/look", status_code=200)
    async def list_folders(self, actor: Actor, connection_id: UUID) -> list[str]:
        """Sign in and list the partner's folders."""
        return await setup.list_folders(actor, connection_id)

    @put("/{connection_id:uuid}/folders")
    async def choose_folders(self, actor: Actor, connection_id: UUID, data: FolderFacts) -> ConnectionView:
        """Look into the chosen folders and keep them."""
        return await setup.choose_folders(actor, connection_id, data)

    @post("/{connection_id:uuid}/setup/finish", status_code=200)
    async def finish_setup(self, actor: Actor, connection_id: UUID, data: Use) -> ConnectionView:
        """Take the connection into use, once its test file was accepted."""
        return await setup.finish_setup(actor, connection_id, data.usage_indicator)


class ConnectionTrials(Controller):
    """The test file of a connection, followed to its 277CA."""

    path = "/connections/{connection_id:uuid}/trials"
    tags = ("Connection setup",)

    @get("/latest")
    async def latest_trial(self, actor: Actor, connection_id: UUID) -> TrialView | None:
        """The newest one, with its steps and answers; null when none was begun."""
        return await trials.latest_trial(actor, connection_id)

    @post("/")
    async def start_trial(self, actor: Actor, connection_id: UUID, data: TrialFacts) -> TrialView:
        """Send a test file and follow its answers."""
        return await trials.start_trial(actor, connection_id, data)

    @post("/again", status_code=200)
    async def try_trial_again(self, actor: Actor, connection_id: UUID, data: AgainOrEnd) -> TrialView:
        """Try the failed step again, or give the trial up."""
        return await trials.try_trial_again(actor, connection_id, data.end)


class ConnectionKeys(Controller):
    """A connection's key replaced: a new one beside the present one, tried, then switched to."""

    path = "/connections/{connection_id:uuid}/next-key"
    tags = ("Connection setup",)

    @post("/", status_code=200)
    async def begin_key_rotation(self, actor: Actor, connection_id: UUID) -> ConnectionView:
        """Make the key that is to follow; the present one stays in use."""
        return await keys.begin_key_rotation(actor, connection_id)

    @post("/to-practice", status_code=200)
    async def give_next_key_to_practice(self, actor: Actor, connection_id: UUID) -> ConnectionTest:
        """Hand the new public key to the practice clearinghouse and try it."""
        return await keys.give_next_key_to_practice(actor, connection_id)

    @post("/test", status_code=200)
    async def try_next_key(self, actor: Actor, connection_id: UUID) -> ConnectionTest:
        """Sign in with the new key; the present one stays in use."""
        return await keys.try_next_key(actor, connection_id)

    @post("/switch", status_code=200)
    async def switch_key(self, actor: Actor, connection_id: UUID) -> ConnectionView:
        """Use the new key from now on; it is tried once more, and the old one is destroyed."""
        return await keys.switch_key(actor, connection_id)

    @post("/drop", status_code=200)
    async def drop_next_key(self, actor: Actor, connection_id: UUID) -> ConnectionView:
        """Give the rotation up; the present key stays."""
        return await keys.drop_next_key(actor, connection_id)
