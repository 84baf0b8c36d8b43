"""Every operation of the OpenAPI document, to be sent with the document's own examples."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

# Parameters of paths that name no record of a tenant.
FIXED = {"process_kind": "claim", "table_code": "denial_playbooks", "version": "1"}


@dataclass(frozen=True)
class Asked:
    """One operation of the OpenAPI document."""

    name: str
    method: str
    path: str
    parameters: tuple[str, ...]
    query: dict[str, Any]
    body: Any
    upload: bool
    public: bool

    def address(self, ids: dict[str, UUID]) -> str:
        """The path with these ids filled in."""
        filled = self.path.replace("{subject_type}", "claim").replace("{subject_id}", str(ids["claim_id"]))
        for name, word in FIXED.items():
            filled = filled.replace("{" + name + "}", word)
        for name in self.parameters:
            if name not in ("subject_type", "subject_id", *FIXED):
                filled = filled.replace("{" + name + "}", str(ids[name]))
        return filled

    def names_ids(self, ids: dict[str, UUID]) -> bool:
        """Whether the body refers to records."""
        return _with_ids(self.body, ids) != self.body

    async def send(
        self, client: httpx.AsyncClient, path_ids: dict[str, UUID], body_ids: dict[str, UUID]
    ) -> httpx.Response:
        """The operation with the document's own example, its ids replaced by real ones."""
        sent: dict[str, Any] = {"params": _with_ids(self.query, body_ids)}
        if self.upload:
            sent["files"] = {"data": ("x.835", b"ISA*00*")}
        elif self.body is not None:
            sent["json"] = _with_ids(self.body, body_ids)
        return await client.request(self.method, self.address(path_ids), **sent)


def operations(document: dict[str, Any]) -> Iterator[Asked]:
    """Every operation of the document."""
    for path, item in document["paths"].items():
        for method in ("get", "post", "put", "delete"):
            if method in item:
                yield _operation(path, method, item[method])


def _operation(path: str, method: str, spec: dict[str, Any]) -> Asked:
    content = spec.get("requestBody", {}).get("content", {})
    body = content.get("application/json", {}).get("examples", {}).get("example", {}).get("value")
    parameters = spec.get("parameters", [])
    return Asked(
        name=spec["operationId"],
        method=method.upper(),
        path=path,
        parameters=tuple(p["name"] for p in parameters if p["in"] == "path"),
        query={p["name"]: p.get("example") for p in parameters if p["in"] == "query" and p["required"]},
        body=body,
        upload="multipart/form-data" in content,
        public=spec.get("security") == [{}],
    )


def _with_ids(value: Any, ids: dict[str, UUID], name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _with_ids(entry, ids, key) for key, entry in value.items()}
    if isinstance(value, list):
        return [_with_ids(entry, ids, name.removesuffix("s")) for entry in value]
    name = {"parent_id": "role_id", "rendering_id": "provider_id"}.get(name, name)
    return str(ids[name]) if name in ids else value
