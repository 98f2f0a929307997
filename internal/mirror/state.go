package mirror

import "encoding/json"

// state is how far the mirror has come. It is kept in the target, and changes in the
// transaction that brings it so far.
type state struct {
	Organization string   `json:"organization"`
	Made         []string `json:"made,omitempty"` // the tables that the mirror made, by their nouns' names

	// Events up to Cursor are recorded; LastEvent is the id of the last, by which the
	// log is known again. Those up to RecordUntil are recorded only: what they tell is
	// copied after them.
	Cursor      int64  `json:"cursor"`
	LastEvent   string `json:"last_event"`
	RecordUntil int64  `json:"record_until"`

	// AsOf is the place as of which the events are in the target: an erasure rewrites
	// those before it. Those up to Reread have been read again since then.
	AsOf   int64 `json:"as_of"`
	Reread int64 `json:"reread"`

	Nouns map[string]*nounState `json:"nouns"`
}

// nounState is how a noun stands: with a walk under way, or copied.
type nounState struct {
	Columns []string `json:"columns"`
	Walk    *walk    `json:"walk,omitempty"`
}

// walk is a way through all objects of a noun, and the place it has reached.
type walk struct {
	Fresh bool  `json:"fresh,omitempty"` // begins by forgetting what the target has
	After int64 `json:"after"`           // objects that changed up to here are done

	// Of the parts of an object: the one under way, and what is done of it.
	Inside      string `json:"inside,omitempty"`
	InsideAfter int64  `json:"inside_after,omitempty"`

	// Stock means that another walk follows, which compares the ids; Compare that it is
	// this one. It goes from the newest id down: those from Below on are done, and Page
	// is the cursor of the next page.
	Stock   bool   `json:"stock,omitempty"`
	Compare bool   `json:"compare,omitempty"`
	Below   string `json:"below,omitempty"`
	Page    string `json:"page,omitempty"`
}

// next is the walk that follows, nil after the last.
func (w walk) next() *walk {
	if w.Stock {
		return &walk{Compare: true}
	}
	return nil
}

// clone is a copy that shares nothing.
func (s *state) clone() *state {
	text, _ := json.Marshal(s) // plain fields: cannot fail
	var c state
	_ = json.Unmarshal(text, &c)
	return &c
}
