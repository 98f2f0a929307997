package payload

import (
	"strconv"

	"parley"
)

// batch is one item of {"events": […]}: what happened, and in which conversation, with
// whom and where. A type that this format has a name for is written by a function of
// its own; every other goes out under its native name with its native data.
func batch(_ parley.WebhookID, e *parley.Event) ([]byte, error) {
	w := batchItem{event: e, b: make([]byte, 0, 768+len(e.Data)+len(e.Data)/8)}
	if custom(e) {
		w.native()
		w.frame()
		return w.b, nil
	}
	o, err := read(e.Data)
	if err != nil {
		return nil, err
	}
	w.data = o.root()
	switch e.Type {
	case parley.ConversationCreated.Name():
		w.created()
	case parley.MessageCreated.Name():
		w.message()
	case parley.ConversationResolved.Name(): // the format knows no other statuses than these two
		w.status("closed_by", "Close")
	case parley.ConversationReopened.Name():
		w.status("opened_by", "Open")
	case parley.ConversationAssigned.Name():
		w.assigned()
	case parley.ConversationVariablesChanged.Name():
		w.variablesChanged()
	case parley.ConversationLabelAdded.Name():
		w.labels("added")
	case parley.ConversationLabelRemoved.Name():
		w.labels("deleted")
	case parley.NoteCreated.Name():
		w.note()
	default:
		w.native()
	}
	w.frame()
	o.release()
	return w.b, nil
}

// batchItem writes an item.
type batchItem struct {
	event *parley.Event
	data  value // none of a custom event
	b     []byte
}

func (w *batchItem) put(parts ...string) {
	for _, part := range parts {
		w.b = append(w.b, part...)
	}
}

func (w *batchItem) begin(eventType string) {
	w.put(`{"event": {"type": "`, eventType, `", "payload": `)
}

func (w *batchItem) native() {
	w.begin(w.event.Type)
	w.b = appendPython(w.b, w.event.Data)
}

// frame ends an item with where it belongs.
func (w *batchItem) frame() {
	e := w.event
	w.put(`}, "conversation": `)
	w.reference(w.referred("conversation"), number[parley.ConversationID])
	w.put(`, "account": {"key": "`, string(e.Organization), `", "id": `)
	w.number(parley.Number(e.Organization))
	w.put(`, "bot": {"id": `)
	w.inbox()
	w.put(`}}, "visitor": `)
	w.reference(w.referred("contact"), number[parley.ContactID])
	w.put(`, "timestamp": `)
	w.b = append(appendPythonTime(w.b, e.CreatedAt), '}')
}

// referred is the id of the conversation or the contact of an event: of that beside
// its object, or else of the one that its object names.
func (w *batchItem) referred(kind string) value {
	if w.data.o == nil {
		return value{}
	}
	if id := w.data.at(kind).at("id"); !id.isNull() {
		return id
	}
	for _, member := range w.data.members() {
		return member.at(kind + "_id") // the object stands first
	}
	return value{}
}

func (w *batchItem) reference(id value, numberOf func(string) int64) {
	if id.isNull() {
		w.put("null")
		return
	}
	key := string(id.inside())
	w.put(`{"key": "`, key, `", "id": `)
	w.number(numberOf(key))
	w.put(`}`)
}

func (w *batchItem) inbox() {
	if w.event.Inbox == "" {
		w.put("null")
		return
	}
	w.number(parley.Number(w.event.Inbox))
}

func (w *batchItem) number(n int64) { w.b = strconv.AppendInt(w.b, n, 10) }

func number[I parley.ID](id string) int64 { return parley.Number(I(id)) }

// quoted writes a number as a text: so are the ids of people and of bots.
func (w *batchItem) quoted(n int64) {
	w.put(`"`)
	w.number(n)
	w.put(`"`)
}

// whoever writes who did it: an agent, the visitor, or else a program.
func (w *batchItem) whoever(actor parley.Actor) {
	switch actor.Type {
	case parley.ActorContact:
		w.put(`{"email": null, "id": null, "type": "visitor"}`)
	case parley.ActorUser:
		email := value{}
		if by := w.data.at("by"); by.at("id").is(actor.ID) {
			email = by.at("email")
		}
		w.put(`{"email": `)
		w.b = appendPython(w.b, email.raw())
		w.put(`, "id": `)
		w.quoted(parley.Number(parley.UserID(actor.ID)))
		w.put(`, "type": "user"}`)
	case parley.ActorAPIKey:
		w.put(`{"email": null, "id": `)
		w.quoted(parley.Number(parley.APIKeyID(actor.ID)))
		w.put(`, "type": "bot"}`)
	default:
		w.put(`{"email": null, "id": null, "type": "bot"}`)
	}
}

// The members of an agent in the two orders that the format has.
const (
	nobody       = `{"email": null, "id": null, "type": null}`
	nobodyBefore = `{"id": null, "email": null, "type": null}`
)

func (w *batchItem) agent(user value) {
	if user.isNull() {
		w.put(nobody)
		return
	}
	w.put(`{"email": `)
	w.b = appendPython(w.b, user.at("email").raw())
	w.put(`, "id": `)
	w.quoted(parley.Number(parley.UserID(user.at("id").inside())))
	w.put(`, "type": "user"}`)
}

func (w *batchItem) agentBefore(user value) {
	if user.isNull() {
		w.put(nobodyBefore)
		return
	}
	w.put(`{"id": `)
	w.quoted(parley.Number(parley.UserID(user.at("id").inside())))
	w.put(`, "email": `)
	w.b = appendPython(w.b, user.at("email").raw())
	w.put(`, "type": "user"}`)
}
