package main

import (
	"errors"
	"fmt"

	"go.temporal.io/sdk/temporal"
)

// The exit codes of Snapflow's own command line, by failure type; docs/failures.md says what each one means.
var exitCodes = map[string]int{
	"TaskFailed":             1,
	"PowerOnFailed":          1,
	"RequestInvalid":         2,
	"WorkflowInvalid":        2,
	"UnknownConnection":      3,
	"ObjectNotFound":         3,
	"NameAmbiguous":          3,
	"PlacementInvalid":       3,
	"SnapshotUnsuitable":     3,
	"NameTaken":              3,
	"PrivilegeMissing":       3,
	"NotAllowed":             3,
	"Rejected":               3,
	"Unauthenticated":        4,
	"Unreachable":            4,
	"ReplyMalformed":         4,
	"Busy":                   5,
	"RequestConflict":        5,
	"OutcomeUnknown":         6,
	"NeedsDecision":          6,
	"Cancelled":              8,
	"DeadlineExceeded":       8,
	"CompensationIncomplete": 9,
}

// Failure says that the clone did not succeed. Match on Type, never on the message.
type Failure struct {
	Type    string
	Message string
}

func (f *Failure) Error() string { return fmt.Sprintf("%s: %s", f.Type, f.Message) }

// ExitCode is the exit code of the failure's type, 1 for an error outside the contract.
func ExitCode(err error) int {
	var failure *Failure
	if errors.As(err, &failure) && exitCodes[failure.Type] != 0 {
		return exitCodes[failure.Type]
	}
	return 1
}

// failureOf finds the failure of Snapflow's list among the causes; only its type survives the wire.
func failureOf(err error) error {
	var application *temporal.ApplicationError
	var cancelled *temporal.CanceledError
	switch {
	case errors.As(err, &application):
		return &Failure{Type: application.Type(), Message: application.Message()}
	case errors.As(err, &cancelled):
		return &Failure{Type: "Cancelled", Message: "The request was cancelled."}
	default:
		return err
	}
}
