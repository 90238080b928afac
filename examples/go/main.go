// Clones a virtual machine through Snapflow: starts the clone or attaches to it, waits, and prints its result as JSON.
//
//	go run . -vm web-01 -snapshot latest -name ci-42 -request-id build-42
//
// Run it again with the same request id, from any machine, and it finds the same clone. The Temporal server is found by
// Temporal's own environment configuration (TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_API_KEY, profiles).
package main

import (
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"time"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/contrib/envconfig"
	"go.temporal.io/sdk/converter"
	temporallog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/temporal"
)

// How often a waiting program looks whether the run asks a person something.
const lookEvery = 5 * time.Second

// Result is what a clone returns.
type Result struct {
	VMID     string    `json:"vmId"`
	Name     string    `json:"name"`
	TaskID   string    `json:"taskId,omitempty"`
	Warnings []Warning `json:"warnings,omitempty"`
}

// Warning is a deviation in a successful result.
type Warning struct {
	Type    string `json:"type"`
	Message string `json:"message"`
}

func main() {
	vm := flag.String("vm", "", "source virtual machine, name or id")
	snapshot := flag.String("snapshot", "latest", "snapshot, name or id, or latest")
	name := flag.String("name", "", "name of the new virtual machine")
	requestID := flag.String("request-id", "", "identity of the request")
	connection := flag.String("connection", "", "connection of the worker (default \"default\")")
	flag.Parse()
	if *vm == "" || *name == "" || *requestID == "" {
		fmt.Fprintln(os.Stderr, "-vm, -name and -request-id are required")
		os.Exit(2)
	}
	request := map[string]any{"vm": *vm, "snapshot": *snapshot, "name": *name}
	if *connection != "" {
		request["connection"] = *connection
	}
	// An interrupted program leaves; the operation goes on.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	result, err := clone(ctx, *requestID, request)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(ExitCode(err))
	}
	json.NewEncoder(os.Stdout).Encode(result)
}

func clone(ctx context.Context, requestID string, request map[string]any) (*Result, error) {
	options := envconfig.MustLoadDefaultClientOptions()
	options.Logger = temporallog.NewStructuredLogger(slog.New(slog.DiscardHandler))
	c, err := client.DialContext(ctx, options)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	run, err := startOrAttach(ctx, c, requestID, request)
	if err != nil {
		return nil, err
	}
	return resultOf(ctx, c, run)
}

// startOrAttach returns the run of this request: a new one, the one that is open, or the one that has ended.
func startOrAttach(
	ctx context.Context, c client.Client, requestID string, request map[string]any,
) (client.WorkflowRun, error) {
	digest, err := Digest("clone", request)
	if err != nil {
		return nil, err
	}
	options := client.StartWorkflowOptions{
		ID:                       WorkflowID(requestID, request),
		TaskQueue:                cmp.Or(os.Getenv("SNAPFLOW_TASK_QUEUE"), "snapflow"),
		WorkflowIDConflictPolicy: enums.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		WorkflowIDReusePolicy:    enums.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE,
		Memo: map[string]any{
			"snapflowDigest":           digest,
			"snapflowOperation":        "clone",
			"snapflowRequestId":        requestID,
			"snapflowRequest":          request,
			"snapflowSearchAttributes": true,
		},
		TypedSearchAttributes: searchAttributes(request),
		StaticSummary:         fmt.Sprintf("clone %s @ %s -> %s", request["vm"], request["snapshot"], request["name"]),
	}
	// A request that has ended is no error: the SDK returns its run.
	run, err := c.ExecuteWorkflow(ctx, options, "linkedCloneVm",
		map[string]any{"requestId": requestID, "request": request})
	if err != nil {
		return nil, err
	}
	// Temporal compares ids only: the id may belong to another request.
	if known, err := memoOf[string](ctx, c, run, "snapflowDigest"); err != nil {
		return nil, err
	} else if known != digest {
		return nil, &Failure{"RequestConflict", "The request id " + requestID + " belongs to another request."}
	}
	return run, nil
}

// Leave them out, and say false in the memo, on a namespace without them (`snapflow setup` registers them).
func searchAttributes(request map[string]any) temporal.SearchAttributes {
	keyword := func(name string, value any) temporal.SearchAttributeUpdate {
		return temporal.NewSearchAttributeKeyKeyword(name).ValueSet(fmt.Sprint(value))
	}
	return temporal.NewSearchAttributes(
		keyword("SnapflowConnection", connectionOf(request)),
		keyword("SnapflowVm", request["vm"]),
		keyword("SnapflowOperation", "clone"),
		keyword("SnapflowName", request["name"]),
	)
}

// resultOf waits for the end, however long; it fails at once while the run waits for a person's decision.
func resultOf(ctx context.Context, c client.Client, run client.WorkflowRun) (*Result, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go func() {
		ticker := time.NewTicker(lookEvery)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
				if state, err := memoOf[string](ctx, c, run, "snapflowState"); err == nil && state == "needs-decision" {
					cancel(&Failure{"NeedsDecision", run.GetID() + " asks a person: snapflow status shows what."})
				}
			}
		}
	}()
	var result Result
	if err := run.Get(ctx, &result); err != nil {
		if cause := context.Cause(ctx); cause != nil {
			return nil, cause
		}
		return nil, failureOf(err)
	}
	return &result, nil
}

// memoOf reads one memo field of the newest run; the zero value where it is not set.
func memoOf[T any](ctx context.Context, c client.Client, run client.WorkflowRun, key string) (T, error) {
	var value T
	described, err := c.DescribeWorkflowExecution(ctx, run.GetID(), "")
	if err != nil {
		return value, err
	}
	payload := described.GetWorkflowExecutionInfo().GetMemo().GetFields()[key]
	if payload == nil {
		return value, nil
	}
	return value, converter.GetDefaultDataConverter().FromPayload(payload, &value)
}
