"""Every activity by the task queue that runs it. An area adds its own here; the worker registers them all."""

from collections.abc import Callable
from typing import Any

from activities import tenancy

ACTIVITIES: dict[str, list[Callable[..., Any]]] = {
    "core": [
        tenancy.reserve_address,
        tenancy.make_data_key,
        tenancy.seed_roles,
        tenancy.add_first_admin,
        tenancy.set_plan,
        tenancy.open_billing,
        tenancy.open_doors,
    ],
    "edi": [],
    "documents": [],
}
