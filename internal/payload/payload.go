// Package payload renders events as the bodies of requests, in the formats that
// webhook endpoints choose from.
package payload

import (
	"fmt"

	"parley"
)

// The limits of a batch: it is sent when one of them is reached.
const (
	MaxEvents = 100
	MaxBytes  = 256 << 10
)

// Format is a way to write events down for a receiver.
type Format struct {
	Name        string
	ContentType string

	// Batches tells that a request may hold several events; see [Batch].
	Batches bool

	// Render writes an event down for an endpoint: the body of a request, or its part
	// of a batch. The same event gives the same bytes, always, which the caller must
	// not change.
	Render func(to parley.WebhookID, e *parley.Event) ([]byte, error)
}

var formats = []Format{
	{Name: "standard", ContentType: "application/json", Render: standard},
	{Name: "batch", ContentType: "application/json", Batches: true, Render: inBatch},
}

// Named finds a format by its name.
func Named(name string) (Format, bool) {
	for _, f := range formats {
		if f.Name == name {
			return f, true
		}
	}
	return Format{}, false
}

// Batch joins rendered events into the body of a request.
func Batch(rendered [][]byte) []byte {
	body := []byte(`{"events": [`)
	for i, r := range rendered {
		if i > 0 {
			body = append(body, ", "...)
		}
		body = append(body, r...)
	}
	return append(body, "]}"...)
}

// standard is the native envelope.
func standard(_ parley.WebhookID, e *parley.Event) ([]byte, error) { return e.JSON(), nil }

// inBatch is the event in a batch.
func inBatch(_ parley.WebhookID, e *parley.Event) ([]byte, error) {
	return fmt.Appendf(nil, `{"event": {"type": %q, "payload": %s}, "timestamp": %d}`, e.Type, e.Data, e.CreatedAt), nil
}
