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
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"os/signal"
	"reflect"
	"time"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/contrib/envconfig"
	"go.temporal.io/sdk/converter"
	temporallog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/temporal"
)

type request = map[string]any

// What an absent field means.
var defaults = request{"connection": "default", "onCancel": "undo", "powerOn": false, "onFailure": "delete"}

// identity is what makes a request the same or another one.
func identity(r request) request {
	all := maps.Clone(defaults)
	maps.Copy(all, r)
	delete(all, "deadlineMs")
	delete(all, "whenBusy")
	return all
}

func workflowID(requestID string, r request) string {
	return fmt.Sprintf("snapflow:%s:%s", identity(r)["connection"], requestID)
}

// startOrAttach returns the run of this request: a new one, the one that is open, or the one that has ended.
func startOrAttach(ctx context.Context, c client.Client, requestID string, r request) (client.WorkflowRun, error) {
	keyword := func(name string, value any) temporal.SearchAttributeUpdate {
		return temporal.NewSearchAttributeKeyKeyword(name).ValueSet(fmt.Sprint(value))
	}
	options := client.StartWorkflowOptions{
		ID:                       workflowID(requestID, r),
		TaskQueue:                cmp.Or(os.Getenv("SNAPFLOW_TASK_QUEUE"), "snapflow"),
		WorkflowIDConflictPolicy: enums.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		WorkflowIDReusePolicy:    enums.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE,
		Memo: map[string]any{
			"snapflowOperation":        "clone",
			"snapflowRequestId":        requestID,
			"snapflowRequest":          r,
			"snapflowSearchAttributes": true,
		},
		// Leave them out, and say false in the memo, on a namespace without them (`snapflow setup` registers them).
		TypedSearchAttributes: temporal.NewSearchAttributes(
			keyword("SnapflowConnection", identity(r)["connection"]), keyword("SnapflowVm", r["vm"]),
			keyword("SnapflowOperation", "clone"), keyword("SnapflowName", r["name"])),
	}
	// A request that has ended is no error: the SDK returns its run.
	run, err := c.ExecuteWorkflow(ctx, options, "linkedCloneVm", map[string]any{"requestId": requestID, "request": r})
	if err != nil {
		return nil, err
	}
	// Temporal compares ids only: the id may belong to another request.
	var known request
	workflow, err := describe(ctx, c, run, "snapflowRequest", &known)
	if err == nil && (workflow != "linkedCloneVm" || !reflect.DeepEqual(identity(known), identity(r))) {
		err = fmt.Errorf("RequestConflict: The request id %s belongs to another request, %v.", requestID, known)
	}
	return run, err
}

// resultOf waits for the end, however long; it fails at once while the run waits for a person's decision.
func resultOf(ctx context.Context, c client.Client, run client.WorkflowRun) (result any, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go func() {
		for ctx.Err() == nil {
			var state string
			if _, err := describe(ctx, c, run, "snapflowState", &state); err == nil && state == "needs-decision" {
				cancel(fmt.Errorf("NeedsDecision: %s asks a person: snapflow status shows what.", run.GetID()))
			}
			time.Sleep(5 * time.Second)
		}
	}()
	err = run.Get(ctx, &result)
	var failure *temporal.ApplicationError
	var cancelled *temporal.CanceledError
	switch {
	case err != nil && ctx.Err() != nil:
		err = context.Cause(ctx)
	case errors.As(err, &failure): // Match on the type, never on the message.
		err = fmt.Errorf("%s: %s", failure.Type(), failure.Message())
	case errors.As(err, &cancelled):
		err = errors.New("Cancelled: The request was cancelled.")
	}
	return result, err
}

// describe reads the workflow type and one memo field of the newest run. With a codec, use its converter here.
func describe(ctx context.Context, c client.Client, run client.WorkflowRun, key string, value any) (string, error) {
	described, err := c.DescribeWorkflowExecution(ctx, run.GetID(), "")
	if err != nil {
		return "", err
	}
	info := described.GetWorkflowExecutionInfo()
	if payload := info.GetMemo().GetFields()[key]; payload != nil {
		err = converter.GetDefaultDataConverter().FromPayload(payload, value)
	}
	return info.GetType().GetName(), err
}

func clone(ctx context.Context, requestID string, r request) (any, error) {
	options := envconfig.MustLoadDefaultClientOptions()
	options.Logger = temporallog.NewStructuredLogger(slog.New(slog.DiscardHandler))
	c, err := client.DialContext(ctx, options)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	run, err := startOrAttach(ctx, c, requestID, r)
	if err != nil {
		return nil, err
	}
	return resultOf(ctx, c, run)
}

func main() {
	vm := flag.String("vm", "", "source virtual machine, name or id")
	snapshot := flag.String("snapshot", "latest", "snapshot, name or id, or latest")
	name := flag.String("name", "", "name of the new virtual machine")
	requestID := flag.String("request-id", "", "identity of the request")
	flag.Parse()
	// An interrupted program leaves; the operation goes on.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	result, err := clone(ctx, *requestID, request{"vm": *vm, "snapshot": *snapshot, "name": *name})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	json.NewEncoder(os.Stdout).Encode(result)
}
