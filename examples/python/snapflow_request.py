"""The identity of a Snapflow request: its workflow id and its digest. Standard library only."""

import hashlib
import json
from typing import Any

# What leaving a field out means: saying the default and leaving it out are the same request.
_DEFAULTS: dict[str, dict[str, Any]] = {
    "clone": {"connection": "default", "onCancel": "undo", "powerOn": False, "onFailure": "delete"},
    "revert": {"connection": "default", "onCancel": "undo", "restorePower": False},
}
# Options that do not change what a request is.
_OUTSIDE_IDENTITY = {"deadlineMs", "whenBusy"}


def workflow_id(request_id: str, request: dict[str, Any]) -> str:
    """A function of connection and request id alone, so that a repeat meets the first run."""
    return f"snapflow:{request.get('connection', 'default')}:{request_id}"


def digest(operation: str, request: dict[str, Any]) -> str:
    """SHA-256 over the canonical JSON of the request: keys sorted, no blanks, characters as they are."""
    identity = {
        key: value
        for key, value in {**_DEFAULTS[operation], **request}.items()
        if key not in _OUTSIDE_IDENTITY
    }
    canonical = json.dumps(
        {"operation": operation, "request": identity},
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    )
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()
