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
from temporalio.common import (
    SearchAttributeKey,
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)
from temporalio.envconfig import ClientConfig
from temporalio.exceptions import (
    ApplicationError,
    CancelledError,
    WorkflowAlreadyStartedError,
)

from snapflow_request import digest, workflow_id

# The exit codes of Snapflow's own command line, by failure type; docs/failures.md says what each one means.
EXIT_CODES = {
    1: {"TaskFailed", "PowerOnFailed"},
    2: {"RequestInvalid", "WorkflowInvalid"},
    3: {
        "UnknownConnection",
        "ObjectNotFound",
        "NameAmbiguous",
        "PlacementInvalid",
        "SnapshotUnsuitable",
        "NameTaken",
        "PrivilegeMissing",
        "NotAllowed",
        "Rejected",
    },
    4: {"Unauthenticated", "Unreachable", "ReplyMalformed"},
    5: {"Busy", "RequestConflict"},
    6: {"OutcomeUnknown", "NeedsDecision"},
    8: {"Cancelled", "DeadlineExceeded"},
    9: {"CompensationIncomplete"},
}

# How often a waiting program looks whether the run asks a person something.
LOOK_SECONDS = 5.0


class Failed(Exception):
    """The clone did not succeed. Match on `type`, never on the message."""

    def __init__(self, type: str, message: str) -> None:
        super().__init__(message)
        self.type = type

    @property
    def exit_code(self) -> int:
        return next((code for code, types in EXIT_CODES.items() if self.type in types), 1)


async def start_or_attach(
    client: Client, task_queue: str, request_id: str, request: dict[str, Any]
) -> WorkflowHandle[Any, Any]:
    """The run of this request: a new one, the one that is open, or the one that has ended."""
    id = workflow_id(request_id, request)
    own_digest = digest("clone", request)
    try:
        await client.start_workflow(
            "linkedCloneVm",
            {"requestId": request_id, "request": request},
            id=id,
            task_queue=task_queue,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            memo={
                "snapflowDigest": own_digest,
                "snapflowOperation": "clone",
                "snapflowRequestId": request_id,
                "snapflowRequest": request,
                "snapflowSearchAttributes": True,
            },
            search_attributes=search_attributes(request),
            static_summary=f"clone {request['vm']} @ {request['snapshot']} -> {request['name']}",
        )
    except WorkflowAlreadyStartedError:
        pass  # It has ended; its result is still there.
    handle = client.get_workflow_handle(id)
    # Temporal compares ids only: the id may belong to another request.
    if await (await handle.describe()).memo_value("snapflowDigest", None) != own_digest:
        raise Failed("RequestConflict", f"The request id {request_id} belongs to another request.")
    return handle


def search_attributes(request: dict[str, Any]) -> TypedSearchAttributes:
    """Leave them out, and say False in the memo, on a namespace without them (`snapflow setup` registers them)."""
    values = {
        "SnapflowConnection": request.get("connection", "default"),
        "SnapflowVm": request["vm"],
        "SnapflowOperation": "clone",
        "SnapflowName": request["name"],
    }
    return TypedSearchAttributes(
        [SearchAttributePair(SearchAttributeKey.for_keyword(name), value) for name, value in values.items()]
    )


async def result_of(handle: WorkflowHandle[Any, Any]) -> dict[str, Any]:
    """Waits for the end, however long; raises Failed, also while the run waits for a person's decision."""
    waiting = asyncio.ensure_future(handle.result())
    try:
        while not (await asyncio.wait({waiting}, timeout=LOOK_SECONDS))[0]:
            await raise_if_undecided(handle)
        return await waiting
    except WorkflowFailureError as error:
        raise failure_of(error) from error
    finally:
        waiting.cancel()


async def raise_if_undecided(handle: WorkflowHandle[Any, Any]) -> None:
    memo = await (await handle.describe()).memo()
    if memo.get("snapflowState") == "needs-decision":
        question = memo.get("snapflowQuestion", {})
        raise Failed("NeedsDecision", f"{handle.id} asks a person: {question.get('why')}")


def failure_of(error: WorkflowFailureError) -> Failed:
    """The failure of Snapflow's list among the causes; only its type survives the wire."""
    cause: BaseException | None = error.cause
    while cause is not None:
        if isinstance(cause, ApplicationError) and cause.type is not None:
            return Failed(cause.type, cause.message)
        if isinstance(cause, CancelledError):
            return Failed("Cancelled", "The request was cancelled.")
        cause = cause.__cause__
    return Failed("Unexpected", f"The workflow ended outside the contract: {error.cause}")


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Clone a virtual machine from a snapshot.")
    for name in ("vm", "snapshot", "name", "request-id"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--connection", help="default: default")
    parser.add_argument("--power-on", action="store_true")
    return parser.parse_args()


async def main() -> int:
    arguments = parse_arguments()
    request = {"vm": arguments.vm, "snapshot": arguments.snapshot, "name": arguments.name}
    if arguments.connection is not None:
        request["connection"] = arguments.connection
    if arguments.power_on:
        request["powerOn"] = True
    client = await Client.connect(
        **{"target_host": "localhost:7233", **ClientConfig.load_client_connect_config()}
    )
    task_queue = os.environ.get("SNAPFLOW_TASK_QUEUE", "snapflow")
    try:
        handle = await start_or_attach(client, task_queue, arguments.request_id, request)
        print(json.dumps(await result_of(handle)))
        return 0
    except Failed as failure:
        print(f"{failure.type}: {failure}", file=sys.stderr)
        return failure.exit_code


if __name__ == "__main__":
    exit_code = asyncio.run(main())
    sys.stdout.flush()
    # The SDK's native threads outlive the client; while the interpreter tears itself down they can crash it (1.35.0).
    os._exit(exit_code)
