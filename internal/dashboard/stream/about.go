package stream

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"

	"parley"
)

// resources are what may be read by those who may be told of a noun, where that is not
// the noun's plural.
var resources = map[string]string{
	"message": "conversations", "note": "conversations", "inbox": "inboxes", "category": "categories", "organization": "organization", "custom": "events",
}

// readScope is what a visitor needs to be told of an event of a type.
func readScope(eventType string) parley.Scope {
	noun := nounOf(eventType)
	if resource, ok := resources[noun]; ok {
		return parley.Scope(resource + ":read")
	}
	return parley.Scope(noun + "s:read")
}

func nounOf(eventType string) string {
	noun, _, _ := strings.Cut(eventType, ".")
	return noun
}

// idShape is the shape of every id.
var idShape = regexp.MustCompile(`^[a-z]{2,16}_[0-7][0-9a-z]{25}$`)

func isID(text string) bool { return idShape.MatchString(text) }

// About gives the ids of the objects that an event is about, each once: its key, its own
// object, and the conversations and contacts that this belongs to, or belonged to before.
// Of what clients make up themselves only the key counts, if it is an id.
func About(e *parley.Event) []string {
	ids := []string{e.Key}
	if noun := nounOf(e.Type); noun != "custom" {
		var parts map[string]part
		_ = json.Unmarshal(e.Data, &parts) // what cannot be read names nothing
		for _, name := range []string{noun, "conversation", "contact", "merged", "merged_into"} {
			ids = append(ids, parts[name].ID, parts[name].ConversationID, parts[name].ContactID)
		}
		ids = append(ids, parts["previous"].ConversationID, parts["previous"].ContactID)
	}
	var distinct []string
	for _, id := range ids {
		if isID(id) && !slices.Contains(distinct, id) {
			distinct = append(distinct, id)
		}
	}
	return distinct
}

// part is what is of interest in a part of an event's data.
type part struct {
	ID             string `json:"id"`
	ConversationID string `json:"conversation_id"`
	ContactID      string `json:"contact_id"`
}

// UnmarshalJSON reads an object, or a text that may be an id. Anything else is nothing.
func (p *part) UnmarshalJSON(data []byte) error {
	switch data[0] {
	case '{':
		type plain part
		_ = json.Unmarshal(data, (*plain)(p)) // a field of another type is no id
	case '"':
		_ = json.Unmarshal(data, &p.ID)
	}
	return nil
}

// memory keeps the names of the events of late, so that many streams of an organization
// find them out once.
type memory struct {
	slots [1024]atomic.Pointer[remembered]
}

type remembered struct {
	id    parley.EventID
	names []string
}

// names are those that an event is told by.
func (m *memory) names(e *parley.Event) []string {
	slot := &m.slots[e.Sequence%int64(len(m.slots))]
	if r := slot.Load(); r != nil && r.id == e.ID {
		return r.names
	}
	names := append([]string{nounOf(e.Type)}, About(e)...)
	slot.Store(&remembered{e.ID, names})
	return names
}
