package main

import (
	"encoding/json"
	"os"
	"reflect"
	"testing"
)

func TestEveryCloneOfTheVectorsHasItsWorkflowIDAndIdentity(t *testing.T) {
	text, err := os.ReadFile("../../docs/contract-vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []struct {
		What, Operation, RequestID, WorkflowID string
		Request, Identity                      request
	}
	if err := json.Unmarshal(text, &vectors); err != nil || len(vectors) < 5 {
		t.Fatalf("%d vectors, %v", len(vectors), err)
	}
	for _, vector := range vectors {
		if vector.Operation != "clone" {
			continue
		}
		if id := workflowID(vector.RequestID, vector.Request); id != vector.WorkflowID {
			t.Errorf("%s: the workflow id is %s, not %s", vector.What, id, vector.WorkflowID)
		}
		if got := identity(vector.Request); !reflect.DeepEqual(got, vector.Identity) {
			t.Errorf("%s: it is %v, not %v", vector.What, got, vector.Identity)
		}
	}
}
