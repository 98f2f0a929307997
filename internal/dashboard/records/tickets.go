package records

import (
	"parley"
	"parley/internal/dashboard/page"
	"parley/internal/dashboard/record"
	"parley/internal/dashboard/ui"
	"parley/internal/store"
)

func tickets(s *page.Site) *record.Kind[parley.Ticket] {
	verbs := s.Work.Tickets
	unsettled := []string{"open", "pending"}
	return &record.Kind[parley.Ticket]{
		Noun: "ticket", Plural: "tickets", Icon: "ticket",
		Text:  "Matters that are followed until they are settled.",
		First: "A ticket follows a matter until it is settled, over as many conversations as that takes.",
		Table: store.Tickets, Create: verbs.Create, Update: verbs.Update, Delete: verbs.Delete,
		Verbs: []record.Verb[parley.Ticket]{
			{Name: "close", Label: "Close", From: unsettled, Key: "x", Main: true, Done: "The ticket is closed.", Do: record.ByID(verbs.Close)},
			{Name: "pend", Label: "Let it wait", From: []string{"open"}, Key: "w", Done: "The ticket waits for somebody else.", Do: record.ByID(verbs.Pend)},
			{Name: "reopen", Label: "Reopen", From: []string{"pending", "closed"}, Key: "o", Done: "The ticket is open again.", Do: record.ByID(verbs.Reopen)},
		},

		Title:   "subject",
		Columns: []string{"status", "priority", "assignee_id", "team_id", "contact_id", "updated_at"},
		Body:    []string{"description"},
		Facts:   []string{"priority", "assignee_id", "team_id", "contact_id", "conversation_id", "closed_at"},
		Tones: map[string]ui.Tone{
			"open": ui.Accent, "pending": ui.Warn, "closed": ui.Good,
			"low": ui.Plain, "normal": ui.Plain, "high": ui.Warn, "urgent": ui.Bad,
		},

		Search: []string{"subject", "description"}, Among: "contact_id",
		Filters: []record.Filter{
			{Name: "status", Label: "Status", Choices: []record.Choice{
				record.Is("Unsettled", "status", unsettled...), record.Is("Open", "status", "open"), record.Is("Pending", "status", "pending"),
				record.Is("Closed", "status", "closed"), record.Any("Any status"),
			}},
			record.Words("priority", "Any priority", "urgent", "high", "normal", "low"),
			record.Whose("assignee_id", "Anybody's").OrNobody(),
			record.Team("team_id"),
			record.Of("contact_id"), record.Of("conversation_id"),
		},

		Form: []string{"subject", "description", "priority", "assignee_id", "team_id", "contact_id", "conversation_id", "custom_fields"},
	}
}
