package contact

import (
	"bytes"

	"parley"
)

// traces are the ids that a person is known by in the log: those of the contact, of
// contacts that were merged into it, and of their conversations.
type traces map[string]bool

// in tells whether a text names one of them.
func (t traces) in(text []byte) bool {
	const digits = 26 // of an id, after its prefix
	for from := 0; ; {
		i := bytes.IndexByte(text[from:], '_')
		if i < 0 {
			return false
		}
		from += i + 1
		if from+digits > len(text) {
			return false
		}
		for _, prefix := range []string{parley.ContactID("").Prefix(), parley.ConversationID("").Prefix()} {
			start := from - 1 - len(prefix)
			if start >= 0 && string(text[start:from-1]) == prefix && t[string(text[start:from+digits])] {
				return true
			}
		}
	}
}

// about tells whether an event names one of them, as what it is about or beside that.
func (t traces) about(e *parley.Event) bool { return t[e.Key] || t.in(e.Data) }
