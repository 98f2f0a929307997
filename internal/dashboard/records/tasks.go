package records

import (
	"time"

	"parley"
	"parley/internal/dashboard/page"
	"parley/internal/dashboard/record"
	"parley/internal/dashboard/ui"
	"parley/internal/store"
)

func tasks(s *page.Site) *record.Kind[parley.Task] {
	verbs := s.Work.Tasks
	return &record.Kind[parley.Task]{
		Noun: "task", Plural: "tasks", Icon: "task",
		Text:  "What somebody is to do, perhaps by a time.",
		First: "A task is a piece of work that somebody is to do: a call back, a parcel to look for. It may be about a contact or a conversation.",
		Table: store.Tasks, Create: verbs.Create, Update: verbs.Update, Delete: verbs.Delete,
		Verbs: []record.Verb[parley.Task]{
			{Name: "complete", Label: "Complete", From: []string{"open"}, Key: "x", Main: true, Done: "The task is completed.", Do: record.ByID(verbs.Complete)},
			{Name: "reopen", Label: "Reopen", From: []string{"completed"}, Key: "x", Done: "The task is open again.", Do: record.ByID(verbs.Reopen)},
		},

		Title:   "title",
		Columns: []string{"status", "due_at", "assignee_id", "team_id", "contact_id"},
		Body:    []string{"description"},
		Facts:   []string{"due_at", "assignee_id", "team_id", "contact_id", "conversation_id", "completed_at"},
		Tones:   map[string]ui.Tone{"open": ui.Accent, "completed": ui.Good},
		Show:    map[string]func(parley.Task) record.Value{"due_at": due},

		Search: []string{"title", "description"}, Among: "contact_id", Quick: "complete",
		Filters: []record.Filter{
			{Name: "status", Label: "Status", Choices: []record.Choice{
				record.Is("Open", "status", "open"), record.Is("Completed", "status", "completed"), record.Any("Open or completed"),
			}},
			record.Whose("assignee_id", "Anybody's").OrNobody(),
			record.Team("team_id"),
			{Name: "due", Label: "Due", Choices: []record.Choice{
				record.Any("Due any time"), overdue(), record.Days("today", "Due today", "due_at", 0, 1), record.Days("week", "Due in 7 days", "due_at", 0, 7),
			}},
			record.Of("contact_id"), record.Of("conversation_id"),
		},

		Form: []string{"title", "description", "due_at", "assignee_id", "team_id", "contact_id", "conversation_id", "custom_fields"},
	}
}

// due is by when a task is to be done, which needs somebody's attention once it is past.
func due(t parley.Task) record.Value {
	switch {
	case t.DueAt == nil:
		return record.Value{}
	case t.Status == parley.OpenTask && *t.DueAt < parley.Now():
		return record.Late(*t.DueAt, ui.Bad, "Overdue:")
	case t.Status == parley.OpenTask && *t.DueAt < parley.Now().Add(24*time.Hour):
		return record.Late(*t.DueAt, ui.Warn, "Soon:")
	}
	return record.At(*t.DueAt)
}

// overdue lets those tasks through that are late.
func overdue() record.Choice {
	return record.Choice{Value: "over", Label: "Overdue", Where: func(f *store.Filter, _ *page.Request) {
		f.And("status = 'open'")
		f.And("due_at < ?", int64(parley.Now()))
	}}
}
