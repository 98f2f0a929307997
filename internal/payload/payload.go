// Package payload renders events as the bodies of requests, in the formats that
// webhook endpoints choose from.
//
//   - standard is the event as everybody else reads it.
//   - flat is {event, timestamp, data, webhookId}, with data in one level and in
//     camelCase.
//   - batch is {"events": […]}, with numeric ids and the types of conversation_create,
//     message, status and so on, written as Python's json.dumps writes.
//   - cloudevents is the structured JSON of CloudEvents 1.0.
//
// Every event can be rendered in every format, and nothing is looked up for it: a
// format has what the event holds.
package payload

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

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

	render func(to parley.WebhookID, e *parley.Event) ([]byte, error)
}

var formats = []Format{
	{Name: "standard", ContentType: "application/json", render: standard},
	{Name: "flat", ContentType: "application/json", render: flat},
	{Name: "batch", ContentType: "application/json", Batches: true, render: batch},
	{Name: "cloudevents", ContentType: "application/cloudevents+json", render: cloudEvent},
}

// Formats lists every format, the usual one first.
func Formats() []Format { return slices.Clone(formats) }

// Named finds a format by its name.
func Named(name string) (Format, bool) {
	for _, f := range formats {
		if f.Name == name {
			return f, true
		}
	}
	return Format{}, false
}

// Render writes an event down for an endpoint: the body of a request, or its part of a
// batch. The same event gives the same bytes, always, which the caller must not change.
// A test that asks for the example of a type is that example.
func (f Format) Render(to parley.WebhookID, e *parley.Event) ([]byte, error) {
	if e.Type == parley.WebhookTested.Name() {
		e = tested(e)
	}
	return f.render(to, e)
}

// Body is the body of a request that holds one event only.
func (f Format) Body(to parley.WebhookID, e *parley.Event) ([]byte, error) {
	rendered, err := f.Render(to, e)
	if err != nil || !f.Batches {
		return rendered, err
	}
	return Batch([][]byte{rendered}), nil
}

// Batch joins rendered events into the body of a request.
func Batch(rendered [][]byte) []byte {
	size := len(batchStart) + len(batchEnd)
	for _, r := range rendered {
		size += len(r) + len(between)
	}
	body := append(make([]byte, 0, size), batchStart...)
	for i, r := range rendered {
		if i > 0 {
			body = append(body, between...)
		}
		body = append(body, r...)
	}
	return append(body, batchEnd...)
}

// BatchID names the request that holds events: the same events in the same order have the
// same one.
func BatchID(events []*parley.Event) string {
	h := sha256.New()
	for _, e := range events {
		h.Write([]byte(e.ID)) // of one length
	}
	return "bat_" + hex.EncodeToString(h.Sum(nil)[:16])
}

const (
	batchStart = `{"events": [`
	batchEnd   = `]}`
	between    = `, `
)

// standard is the native envelope.
func standard(_ parley.WebhookID, e *parley.Event) ([]byte, error) { return e.JSON(), nil }

// custom tells that the event's data is of a client's own making: nothing is known of
// its members, and it is left as it is.
func custom(e *parley.Event) bool { return strings.HasPrefix(e.Type, "custom.") }
