package main

import (
	"encoding/json"
	"maps"
	"os"
	"regexp"
	"strconv"
	"testing"
)

func TestEveryVectorGivesItsWorkflowIDAndDigest(t *testing.T) {
	text, err := os.ReadFile("../../docs/contract-vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []struct {
		Operation, RequestID, WorkflowID, Digest string
		Request                                  map[string]any
	}
	if err := json.Unmarshal(text, &vectors); err != nil || len(vectors) < 5 {
		t.Fatalf("%d vectors, %v", len(vectors), err)
	}
	for _, vector := range vectors {
		if id := WorkflowID(vector.RequestID, vector.Request); id != vector.WorkflowID {
			t.Errorf("the workflow id is %s, not %s", id, vector.WorkflowID)
		}
		if digest, err := Digest(vector.Operation, vector.Request); err != nil || digest != vector.Digest {
			t.Errorf("the digest of %s is %s (%v), not %s", vector.RequestID, digest, err, vector.Digest)
		}
	}
}

func TestEveryFailureTypeHasItsExitCode(t *testing.T) {
	page, err := os.ReadFile("../../docs/failures.md")
	if err != nil {
		t.Fatal(err)
	}
	wanted := map[string]int{}
	for _, row := range regexp.MustCompile("(?m)^\\| `([A-Z]\\w+)` +\\| (\\d+) +\\|").FindAllStringSubmatch(string(page), -1) {
		wanted[row[1]], _ = strconv.Atoi(row[2])
	}
	if !maps.Equal(wanted, exitCodes) {
		t.Errorf("the page has %v, this program %v", wanted, exitCodes)
	}
}
