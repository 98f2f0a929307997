package api

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"reflect"
	"regexp"

	"github.com/danielgtaylor/huma/v2"

	"parley"
	"parley/internal/eventlog"
	"parley/internal/schema"
)

// EventFilterParams choose events.
type EventFilterParams struct {
	Types     string `query:"types" maxLength:"4000" doc:"Only these types, separated by commas; conversation.* is all of a noun. In a long log, a page may end before it is full: next_cursor goes on with the search" example:"conversation.*,message.created"`
	InboxID   string `query:"inbox_id" maxLength:"64" doc:"Only events that belong to this inbox: see inbox_id of an event"`
	ActorType string `query:"actor_type" enum:"user,contact,api_key,automation,flow,cadence,system" doc:"Only what this kind of actor did"`
	ActorID   string `query:"actor_id" maxLength:"64" doc:"Only what this actor did"`
	ObjectID  string `query:"object_id" maxLength:"255" doc:"Only events about this object: those that show it, such as the messages of a contact's conversations, and your own with this key"`
}

// filter reads them.
func (p EventFilterParams) filter() (eventlog.Filter, error) {
	types, err := typeFilter(p.Types)
	return eventlog.Filter{Types: types, Inbox: parley.InboxID(p.InboxID), ActorType: p.ActorType, ActorID: p.ActorID, Object: p.ObjectID}, err
}

type eventList struct {
	EventFilterParams
	Limit        int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"How many events a page has at most"`
	Cursor       string `query:"cursor" maxLength:"1000" doc:"The next_cursor of the page before"`
	After        place  `query:"after" pattern:"^[0-9]{1,15}$" doc:"Only events after this sequence. If the log no longer keeps the one that follows, the answer is 410, with the first that is kept as first_sequence; 0 begins with that"`
	ChangedAfter place  `query:"changed_after" pattern:"^[0-9]{1,15}$" doc:"The same as after: an event changes when it happens"`
	Since        string `query:"since" maxLength:"40" doc:"Only events at or after this time" example:"2026-11-20T10:30:00Z"`
	Order        string `query:"order" enum:"asc,desc" default:"asc" doc:"asc: in order of sequence; desc: the newest first"`
}

func (a *API) events() {
	const tag, path = "Events", "/v1/events"
	envelope := a.components.Answer(reflect.TypeFor[parley.Envelope]())
	register(a, operation{
		ID: "list-events", Method: http.MethodGet, Path: path, Tag: tag, Scope: "events:read",
		Summary: "List the event log", Doc: "In order of sequence, without gaps (unless filtered), from the oldest event that is kept: see retention_days of the organization.",
		Answer: a.pageSchema(reflect.TypeFor[parley.Envelope]()), Errors: []int{http.StatusGone},
	}, a.listEvents)
	register(a, operation{
		ID: "get-event", Method: http.MethodGet, Path: path + "/{id}", Tag: tag, Scope: "events:read",
		Summary: "Get an event", Answer: envelope,
	}, func(ctx context.Context, c *call, in *IDParam) (*parley.Event, error) {
		id, err := pathID[parley.EventID](in.ID, "event")
		if err != nil {
			return nil, err
		}
		return a.Log.Get(ctx, c.Caller.Organization, id)
	})
	register(a, operation{
		ID: "publish-events", Method: http.MethodPost, Path: path, Tag: tag, Scope: "events:write", Status: http.StatusCreated,
		Summary: "Publish your own events", Doc: "One event, or up to 1,000 at once as `{\"events\":[…]}`: all are appended, or none.",
		Body:   a.either("PublishInput", a.components.Request(reflect.TypeFor[publication]()), a.components.Request(reflect.TypeFor[publications]())),
		Answer: a.either("PublishAnswer", a.components.Answer(reflect.TypeFor[published]()), a.components.Answer(reflect.TypeFor[publishedAll]())),
	}, a.publish)
}

// either is a schema with a name that is one of two.
func (a *API) either(name string, one, other *huma.Schema) *huma.Schema {
	return a.components.Named(name, nil, &huma.Schema{OneOf: []*huma.Schema{one, other}})
}

func (a *API) listEvents(ctx context.Context, c *call, in *eventList) (page[*parley.Event], error) {
	filter, err := in.filter()
	if err != nil {
		return page[*parley.Event]{}, err
	}
	s := eventlog.Search{Filter: filter, NewestFirst: in.Order == "desc", Cursor: in.Cursor, Limit: in.Limit}
	for _, after := range []place{in.After, in.ChangedAfter} {
		if seq := after.sequence(); seq != nil {
			s.After = max(s.After, *seq)
		}
	}
	if in.Since != "" {
		at, err := queryTime("since", in.Since)
		if err != nil {
			return page[*parley.Event]{}, err
		}
		s.Since = &at
	}
	events, next, err := a.Log.Search(ctx, c.Caller.Organization, s)
	return pageOf(events, next, err)
}

// publication is an event of the client's own.
type publication struct {
	Type string          `json:"type" required:"true" pattern:"^custom\\.[a-z0-9_]{1,64}$" patternDescription:"custom. and 1 to 64 of a-z, 0-9 and _" example:"custom.invoice_sent"`
	Key  string          `json:"key,omitempty" maxLength:"255" doc:"Events of one key are delivered in order; left out: the event stands alone" example:"customer-42"`
	Data json.RawMessage `json:"data,omitempty" types:"object" doc:"What you have to tell: any JSON object" example:"{\"invoice\":1042}"`
}

type publications struct {
	Events []publication `json:"events" required:"true" minItems:"1" maxItems:"1000"`
}

// published is where an event stands in the log.
type published struct {
	ID       parley.EventID `json:"id"`
	Sequence int64          `json:"sequence"`
}

type publishedAll struct {
	Data []published `json:"data"`
}

func (a *API) publish(ctx context.Context, c *call, _ *noParams) (any, error) {
	var body publications
	if several(c.body) {
		if err := schema.Read(c.body, &body, schema.OfType[publications]()); err != nil {
			return nil, err
		}
		out, err := a.publishAll(ctx, c.Caller, body.Events)
		return publishedAll{out}, err
	}
	var one publication
	if err := schema.Read(c.body, &one, schema.OfType[publication]()); err != nil {
		return nil, err
	}
	out, err := a.publishAll(ctx, c.Caller, []publication{one})
	if err != nil {
		return nil, err
	}
	return out[0], nil
}

// severalAtOnce is how a body of several events begins, if it has nothing else before.
var severalAtOnce = regexp.MustCompile(`^\s*\{\s*"events"\s*:`)

// several tells whether a body is an object with the member events. Mostly a glance
// is enough; what is no JSON at all, schema.Read tells.
func several(body []byte) bool {
	if severalAtOnce.Match(body) {
		return true
	}
	if !bytes.Contains(body, []byte(`"events"`)) && !bytes.ContainsRune(body, '\\') {
		return false
	}
	var members map[string]json.RawMessage
	_ = json.Unmarshal(body, &members)
	_, found := members["events"]
	return found
}

func (a *API) publishAll(ctx context.Context, by parley.Caller, wanted []publication) ([]published, error) {
	events := make([]eventlog.Publication, len(wanted))
	for i, p := range wanted {
		events[i] = eventlog.Publication(p)
	}
	appended, err := a.Log.Publish(ctx, by, events)
	out := make([]published, len(appended))
	for i, e := range appended {
		out[i] = published{e.ID, e.Sequence}
	}
	return out, err
}
