"""Clones a virtual machine through Snapflow: starts the clone or attaches to it, waits, and prints its result as JSON.

    python clone.py --vm web-01 --snapshot latest --name ci-42 --request-id build-42

Run it again with the same request id, from any machine, and it finds the same clone. The Temporal server is found by
Temporal's own environment configuration (TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_API_KEY, profiles).
"""

import argparse
import asyncio
import json
import os
import sys
from typing import Any

from temporalio.client import Client, WorkflowFailureError, WorkflowHandle
from temporalio.common import SearchAttributeKey, SearchAttributePair, TypedSearchAttributes
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.envconfig import ClientConfig
from temporalio.exceptions import ApplicationError, CancelledError, WorkflowAlreadyStartedError

Request = dict[str, Any]

# What an absent field means, and what does not make it another request.
DEFAULTS = {"connection": "default", "onCancel": "undo", "powerOn": False, "onFailure": "delete"}
OUTSIDE_IDENTITY = {"deadlineMs", "whenBusy"}

# How often a waiting program looks whether the run asks a person something.
LOOK_SECONDS = 5.0


class Failed(Exception):
    """The text is the failure's type and message, for example `NameTaken: …`. Match on the type."""


def workflow_id(request_id: str, request: Request) -> str:
    return f"snapflow:{request.get('connection', 'default')}:{request_id}"


def identity(request: Request) -> Request:
    return {key: value for key, value in {**DEFAULTS, **request}.items() if key not in OUTSIDE_IDENTITY}


async def start_or_attach(client: Client, request_id: str, request: Request) -> WorkflowHandle[Any, Any]:
    """The run of this request: a new one, the one that is open, or the one that has ended."""
    id = workflow_id(request_id, request)
    # Leave them out, and say False in the memo, on a namespace without them (`snapflow setup` registers them).
    attributes = {
        "SnapflowConnection": request.get("connection", "default"),
        "SnapflowVm": request["vm"],
        "SnapflowOperation": "clone",
        "SnapflowName": request["name"],
    }
    try:
        await client.start_workflow(
            "linkedCloneVm",
            {"requestId": request_id, "request": request},
            id=id,
            task_queue=os.environ.get("SNAPFLOW_TASK_QUEUE", "snapflow"),
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            memo={
                "snapflowOperation": "clone",
                "snapflowRequestId": request_id,
                "snapflowRequest": request,
                "snapflowSearchAttributes": True,
            },
            search_attributes=TypedSearchAttributes(
                [SearchAttributePair(SearchAttributeKey.for_keyword(key), text) for key, text in attributes.items()]
            ),
        )
    except WorkflowAlreadyStartedError:
        pass  # It has ended; its result is still there.
    handle = client.get_workflow_handle(id)
    # Temporal compares ids only: the id may belong to another request.
    run = await handle.describe()
    known = await run.memo_value("snapflowRequest", {})
    if run.workflow_type != "linkedCloneVm" or identity(known) != identity(request):
        raise Failed(f"RequestConflict: The request id {request_id} belongs to another request, {known}.")
    return handle


async def result_of(handle: WorkflowHandle[Any, Any]) -> Any:
    """Waits for the end, however long; raises Failed, also while the run waits for a person's decision."""
    waiting = asyncio.ensure_future(handle.result())
    try:
        while not (await asyncio.wait({waiting}, timeout=LOOK_SECONDS))[0]:
            memo = await (await handle.describe()).memo()
            if memo.get("snapflowState") == "needs-decision":
                raise Failed(f"NeedsDecision: {handle.id} asks a person: {memo['snapflowQuestion']['why']}")
        return await waiting
    except WorkflowFailureError as error:
        cause: BaseException | None = error.cause
        while cause is not None and not isinstance(cause, (ApplicationError, CancelledError)):
            cause = cause.__cause__  # A failure of an activity has the one that counts as its cause.
        kind = cause.type if isinstance(cause, ApplicationError) else "Cancelled" if cause else "Unexpected"
        raise Failed(f"{kind}: {cause or error.cause}") from error
    finally:
        waiting.cancel()


async def main() -> int:
    parser = argparse.ArgumentParser(description="Clone a virtual machine from a snapshot.")
    for name in ("vm", "snapshot", "name", "request-id"):
        parser.add_argument(f"--{name}", required=True)
    request = vars(parser.parse_args())
    request_id = request.pop("request_id")
    client = await Client.connect(**{"target_host": "localhost:7233", **ClientConfig.load_client_connect_config()})
    try:
        print(json.dumps(await result_of(await start_or_attach(client, request_id, request))), flush=True)
        return 0
    except Failed as failure:
        print(failure, file=sys.stderr)
        return 1


if __name__ == "__main__":
    # The SDK's native threads outlive the client; while the interpreter tears itself down they can crash it (1.35.0).
    os._exit(asyncio.run(main()))
