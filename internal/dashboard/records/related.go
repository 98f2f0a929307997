package records

import (
	"parley"
	"parley/internal/dashboard/names"
	"parley/internal/dashboard/record"
	"parley/internal/dashboard/ui"
	"parley/internal/store"
)

// conversations are listed with their contact; their pages are the inbox's.
func conversations() record.Relation {
	return record.By[parley.Conversation]{
		Kind: &record.Kind[parley.Conversation]{
			Noun: "conversation", Plural: "conversations", Icon: "inbox", Table: store.Conversations,
			Called: func(c parley.Conversation) string {
				if c.Subject == nil || *c.Subject == "" {
					return "Conversation without a subject"
				}
				return *c.Subject
			},
			Tones: map[string]ui.Tone{"open": ui.Accent, "pending": ui.Warn, "snoozed": ui.Plain, "resolved": ui.Good},
		},
		Column: "contact_id", Columns: []string{"status", "assignee_id", "inbox_id", "last_message_at"}, New: "/inbox/new", List: "/inbox",
	}
}

// deals are listed with their contact; their pages are beside this area.
func deals() record.Relation {
	return record.By[parley.Deal]{
		Kind: &record.Kind[parley.Deal]{
			Noun: "deal", Plural: "deals", Icon: "deal", Table: store.Deals, Title: "title",
			Tones: map[string]ui.Tone{"open": ui.Accent, "won": ui.Good, "lost": ui.Plain},
			Show:  map[string]func(parley.Deal) record.Value{"amount": worth},
		},
		Column: "contact_id", Columns: []string{"status", "stage_id", "assignee_id", "amount"}, New: "/deals/new",
	}
}

// worth is what a deal would bring, if that is known.
func worth(d parley.Deal) record.Value {
	if d.Amount == nil || d.Currency == nil {
		return record.Value{}
	}
	return record.Text(names.Money(*d.Amount, *d.Currency))
}
