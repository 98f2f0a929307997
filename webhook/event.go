package webhook

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"parley"
)

// Event is an event whose data is a D: for an event of a type that package parley
// declares, the struct that is declared with it.
type Event[D any] struct {
	parley.Envelope
	Data D `json:"data"`

	// Body is the body of the request, as it came.
	Body json.RawMessage `json:"-"`

	// Tx is the transaction that keeps the event from being done twice; nil unless the
	// receiver's Dedup is in a database. What is done in it counts if and only if the
	// handler returns nil. The handler neither commits it nor rolls it back.
	Tx *sql.Tx `json:"-"`
}

// RawEvent is an event whose data has not been read.
type RawEvent = Event[json.RawMessage]

// Parse reads an event, of whatever type, from a body that was verified before; the
// body is in the format standard, or in cloudevents. Members that this release does not know are passed over. Numbers and texts in the
// data are as they came.
func Parse(body []byte) (RawEvent, error) {
	read := parseStandard
	if isCloudEvent(body) {
		read = parseCloudEvent
	}
	e, err := read(body)
	if err != nil {
		return RawEvent{}, err
	}
	if e.ID == "" || e.Type == "" || len(e.Data) == 0 {
		return RawEvent{}, errors.New("webhook: the body is not an event of the format standard or cloudevents: it must have an id, a type and data. " +
			"What a transformation returns is for you to read: see Verifier")
	}
	e.Body = body
	return e, nil
}

func parseStandard(body []byte) (e RawEvent, err error) {
	if err := json.Unmarshal(body, &e); err != nil {
		return e, fmt.Errorf("webhook: the body is not an event: %w", err)
	}
	return e, nil
}

// As gives an event the data of its type. The error says so if it is of another.
func As[D any](e RawEvent, t parley.EventType[D]) (Event[D], error) {
	if e.Type != t.Name() {
		return Event[D]{}, fmt.Errorf("webhook: the event is a %s, and no %s", e.Type, t.Name())
	}
	return typed[D](e)
}

func typed[D any](e RawEvent) (Event[D], error) {
	t := Event[D]{Envelope: e.Envelope, Body: e.Body, Tx: e.Tx}
	if err := json.Unmarshal(e.Data, &t.Data); err != nil {
		return t, fmt.Errorf("webhook: read the data of a %s: %w", e.Type, err)
	}
	return t, nil
}
