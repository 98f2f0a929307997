package eventlog

import (
	"bytes"
	"regexp"

	"parley"
	"parley/internal/database"
	"parley/internal/store"
)

// Filter chooses events. What is empty does not matter.
type Filter struct {
	Types     parley.Patterns
	Inbox     parley.InboxID
	ActorType string
	ActorID   string

	// Object is the key of the events or, if it is an id, that of an object which they
	// show: so a contact's are those of its conversations too.
	Object string
}

// objectID is what ids look like.
var objectID = regexp.MustCompile(`^[a-z]{1,12}_[0-9a-z]{26}$`)

// everything tells whether a filter lets everything through.
func (f Filter) everything() bool {
	return len(f.Types) == 0 && f.Inbox == "" && f.ActorType == "" && f.ActorID == "" && f.Object == ""
}

// shown is how an event's data shows an object of that id; "": no object has it.
func (f Filter) shown() string {
	if !objectID.MatchString(f.Object) {
		return ""
	}
	return `"id":"` + f.Object + `"`
}

// Match tells whether the filter lets an event through.
func (f Filter) Match(e *parley.Event) bool {
	switch {
	case len(f.Types) > 0 && !f.Types.Match(e.Type),
		f.Inbox != "" && e.Inbox != f.Inbox,
		f.ActorType != "" && e.Actor.Type != f.ActorType,
		f.ActorID != "" && e.Actor.ID != f.ActorID:
		return false
	case f.Object == "" || e.Key == f.Object:
		return true
	}
	shown := f.shown()
	return shown != "" && bytes.Contains(e.Data, []byte(shown))
}

// rows is the same for the table of events.
func (f Filter) rows() (rows store.Filter) {
	rows.Either(store.OfTypes("type", f.Types))
	for _, c := range []struct{ clause, value string }{
		{"inbox_id = ?", string(f.Inbox)}, {"actor_type = ?", f.ActorType}, {"actor_id = ?", f.ActorID},
	} {
		if c.value != "" {
			rows.And(c.clause, c.value)
		}
	}
	switch shown := f.shown(); {
	case f.Object == "":
	case shown == "":
		rows.And("key = ?", f.Object)
	default:
		rows.And(`(key = ? or data like ? escape '\')`, f.Object, "%"+database.Prefix(shown))
	}
	return rows
}
