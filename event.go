package parley

import (
	"encoding/json"
	"strconv"
)

// APIVersion dates the shape of the payloads that this release writes.
const APIVersion = "2026-11-20"

// Event is one entry of an organization's log. It never changes once written:
// its id, its place and the bytes of its envelope are the same for every reader
// and on every attempt to deliver it.
type Event struct {
	Organization OrganizationID
	Sequence     int64 // its place in the log: 1, 2, 3, … without a gap
	ID           EventID
	Type         string
	Inbox        InboxID // "" if it belongs to none
	Key          string  // what must stay in order: a conversation's id, else the object's
	Actor        Actor
	Cause        *Cause
	CreatedAt    Time
	Data         json.RawMessage // frozen in the transaction that made the change

	envelope []byte // see Seal
}

// Actor is who made a change.
type Actor struct {
	Type string `json:"type" enum:"user,contact,api_key,automation,flow,cadence,system" doc:"What kind of actor made the change"`
	ID   string `json:"id" doc:"The actor's id; \"system\" for Parley itself"`
}

// The actors that have no id of their own kind elsewhere.
const (
	ActorUser    = "user"
	ActorContact = "contact"
	ActorAPIKey  = "api_key"
	ActorSystem  = "system"
)

// System is Parley itself.
var System = Actor{Type: ActorSystem, ID: "system"}

// Cause is the event that a rule, flow or cadence answered with this change.
type Cause struct {
	EventID EventID `json:"event_id" doc:"The event that led to this one"`
	RuleID  string  `json:"rule_id" doc:"The rule, flow or cadence that acted on it"`
	Depth   int     `json:"depth" doc:"How many such steps lie behind this event"`
}

// Caller is on whose behalf a verb runs: the organization it is confined to, who
// acts, and what led to it.
type Caller struct {
	Organization OrganizationID
	Actor        Actor
	Cause        *Cause
}

// AppendJSON writes the event's envelope (payload format `standard`) to b. The
// same event gives the same bytes, always.
func (e *Event) AppendJSON(b []byte) []byte {
	b = append(b, `{"id":"`...)
	b = append(b, e.ID...)
	b = append(b, `","type":"`...)
	b = append(b, e.Type...)
	b = append(b, `","sequence":`...)
	b = strconv.AppendInt(b, e.Sequence, 10)
	b = append(b, `,"timestamp":"`...)
	b, _ = e.CreatedAt.AppendText(b)
	b = append(b, `","api_version":"`+APIVersion+`","organization_id":"`...)
	b = append(b, e.Organization...)
	if e.Inbox == "" {
		b = append(b, `","inbox_id":null`...)
	} else {
		b = append(b, `","inbox_id":"`...)
		b = append(b, e.Inbox...)
		b = append(b, '"')
	}
	b = append(b, `,"actor":{"type":"`...)
	b = append(b, e.Actor.Type...)
	b = append(b, `","id":"`...)
	b = append(b, e.Actor.ID...)
	b = append(b, `"},"cause":`...)
	if e.Cause == nil {
		b = append(b, "null"...)
	} else {
		cause, _ := json.Marshal(e.Cause) // three plain fields: cannot fail
		b = append(b, cause...)
	}
	b = append(b, `,"data":`...)
	b = append(b, e.Data...)
	return append(b, '}')
}

// Seal builds the envelope once and lets Data share its bytes, so that every
// reader of the event, in every format that holds the envelope, uses one copy.
// It must be called before the event is shared between goroutines.
func (e *Event) Seal() *Event {
	e.envelope = e.AppendJSON(make([]byte, 0, 320+len(e.Data)))
	end := len(e.envelope) - 1
	e.Data = e.envelope[end-len(e.Data) : end : end]
	return e
}

// JSON is the event's envelope; the caller must not change it.
func (e *Event) JSON() []byte {
	if e.envelope != nil {
		return e.envelope
	}
	return e.AppendJSON(nil)
}

// MarshalJSON gives the event's envelope.
func (e *Event) MarshalJSON() ([]byte, error) { return e.JSON(), nil }

// Envelope is the shape of an event as JSON shows it, for documents and for
// clients; [Event.AppendJSON] writes it.
type Envelope struct {
	ID             EventID        `json:"id" doc:"Unique; the same on every attempt: deduplicate by it"`
	Type           string         `json:"type" doc:"What happened" example:"conversation.assigned"`
	Sequence       int64          `json:"sequence" doc:"Its place in the organization's log, without gaps"`
	Timestamp      Time           `json:"timestamp" doc:"When it happened"`
	APIVersion     string         `json:"api_version" doc:"The version of the payload's shape" example:"2026-11-20"`
	OrganizationID OrganizationID `json:"organization_id"`
	InboxID        *InboxID       `json:"inbox_id" doc:"The inbox that it belongs to: the inbox that it tells of, or that of the conversation which it is about; null: none"`
	Actor          Actor          `json:"actor" doc:"Who made the change"`
	Cause          *Cause         `json:"cause" doc:"The event that led to this one, null if a person or a client did"`
	Data           any            `json:"data" doc:"The object as it is after the change, under its own name, and what changed"`
}
