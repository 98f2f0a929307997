package api

import (
	"parley"
	"parley/internal/store"
)

// AboutParams are the parameters of lists of what agents have to do.
type AboutParams struct {
	AssigneeID     string `query:"assignee_id" maxLength:"64" doc:"Only what is assigned to this user; none: to nobody"`
	TeamID         string `query:"team_id" maxLength:"64" doc:"Only what is assigned to this team; none: to no team"`
	ContactID      string `query:"contact_id" maxLength:"64" doc:"Only what is about this contact"`
	ConversationID string `query:"conversation_id" maxLength:"64" doc:"Only what is about this conversation"`
}

func (p AboutParams) narrow(f *store.Filter) {
	equalOrNone(f, "assignee_id", p.AssigneeID)
	equalOrNone(f, "team_id", p.TeamID)
	equal(f, "contact_id", p.ContactID)
	equal(f, "conversation_id", p.ConversationID)
}

type taskList struct {
	ListParams
	AboutParams
	Status    string `query:"status" enum:"open,completed" doc:"Only tasks of this status"`
	DueBefore string `query:"due_before" maxLength:"40" doc:"Only tasks that are due before this time; with status open, those that are late" example:"2026-11-20T10:30:00Z"`
}

func (l taskList) check() error {
	if l.DueBefore == "" {
		return nil
	}
	_, err := queryTime("due_before", l.DueBefore)
	return err
}

func (l taskList) filter() (f store.Filter) {
	equal(&f, "status", l.Status)
	if due, err := queryTime("due_before", l.DueBefore); err == nil {
		f.And("due_at < ?", int64(parley.At(due)))
	}
	l.narrow(&f)
	return f
}

func (a *API) tasks() {
	resource[parley.Task, parley.TaskEvent, parley.TaskID](a, "tasks", a.Work.Tasks.Noun)
	list[parley.Task, taskList](a, "tasks", "", a.Work.Tasks.List)
	verb(a, "tasks", store.Tasks, "complete", "Complete a task", "A task that is completed stays as it is.", a.Work.Tasks.Complete)
	verb(a, "tasks", store.Tasks, "reopen", "Reopen a task", "A task that is open stays as it is.", a.Work.Tasks.Reopen)
}
