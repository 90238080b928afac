package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
)

// What leaving a field out means: saying the default and leaving it out are the same request.
var defaults = map[string]map[string]any{
	"clone":  {"connection": "default", "onCancel": "undo", "powerOn": false, "onFailure": "delete"},
	"revert": {"connection": "default", "onCancel": "undo", "restorePower": false},
}

// Options that do not change what a request is.
var outsideIdentity = []string{"deadlineMs", "whenBusy"}

// WorkflowID is a function of connection and request id alone, so that a repeat meets the first run.
func WorkflowID(requestID string, request map[string]any) string {
	return "snapflow:" + connectionOf(request) + ":" + requestID
}

// Digest is SHA-256 over the canonical JSON of the request: keys sorted, no blanks, characters as they are.
func Digest(operation string, request map[string]any) (string, error) {
	identity := maps.Clone(defaults[operation])
	maps.Copy(identity, request)
	for _, option := range outsideIdentity {
		delete(identity, option)
	}
	var canonical bytes.Buffer
	encoder := json.NewEncoder(&canonical)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(map[string]any{"operation": operation, "request": identity}); err != nil {
		return "", err
	}
	sum := sha256.Sum256(bytes.TrimSuffix(canonical.Bytes(), []byte("\n")))
	return hex.EncodeToString(sum[:]), nil
}

func connectionOf(request map[string]any) string {
	if connection, ok := request["connection"].(string); ok {
		return connection
	}
	return "default"
}
