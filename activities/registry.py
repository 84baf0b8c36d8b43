"""Every activity by the task queue that runs it. An area adds its own here; the worker registers them all."""

from collections.abc import Callable
from typing import Any

from activities.tenancy import connection, onboarding, undoing

ACTIVITIES: dict[str, list[Callable[..., Any]]] = {
    "core": [
        onboarding.reserve_address,
        onboarding.make_data_key,
        onboarding.seed_roles,
        onboarding.add_first_admin,
        onboarding.set_plan,
        onboarding.open_billing,
        connection.make_first_connection,
        onboarding.open_doors,
        undoing.remove_first_connection,
        undoing.close_billing,
        undoing.remove_first_admin,
        undoing.remove_roles,
        undoing.destroy_data_key,
        undoing.give_back_address,
    ],
    "edi": [],
    "documents": [],
}
