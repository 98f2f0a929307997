package work

import (
	"context"

	"parley"
	"parley/internal/database"
	"parley/internal/eventlog"
	"parley/internal/noun"
	"parley/internal/store"
)

// Tasks is the verbs of tasks.
type Tasks struct {
	*noun.Noun[parley.Task, parley.TaskEvent]
}

func newTasks(db *database.DB, log *eventlog.Log) *Tasks {
	return &Tasks{&noun.Noun[parley.Task, parley.TaskEvent]{
		DB: db, Log: log, Table: store.Tasks,
		Created: parley.TaskCreated, Updated: parley.TaskUpdated, Deleted: parley.TaskDeleted,
		Data: func(t parley.Task, p parley.Previous) parley.TaskEvent { return parley.TaskEvent{Task: t, Previous: p} },
		Beside: func(ctx context.Context, tx *database.Tx, org parley.OrganizationID, t *parley.Task, data *parley.TaskEvent) (err error) {
			data.Contact, err = store.ContactShort(ctx, tx, org, t.ContactID)
			return err
		},
		Conversation: noun.About(func(t *parley.Task) *parley.ConversationID { return t.ConversationID }),
		Check:        checkTask,
	}}
}

// taskSteps is the state machine of a task.
func taskSteps() noun.Steps[parley.TaskStatus, parley.TaskEvent] {
	return noun.Steps[parley.TaskStatus, parley.TaskEvent]{
		{Verb: "complete", From: []parley.TaskStatus{parley.OpenTask}, To: parley.CompletedTask, Event: parley.TaskCompleted},
		{Verb: "reopen", From: []parley.TaskStatus{parley.CompletedTask}, To: parley.OpenTask, Event: parley.TaskReopened},
	}
}

func checkTask(ctx context.Context, tx *database.Tx, by parley.Caller, before, after *parley.Task) error {
	var old parley.Task
	if before != nil {
		old = *before
	} else {
		after.Status = parley.OpenTask
	}
	wanted := references{after.AssigneeID, after.TeamID, after.ContactID, after.ConversationID}
	if err := wanted.check(ctx, tx, by.Organization, references{old.AssigneeID, old.TeamID, old.ContactID, old.ConversationID}); err != nil {
		return err
	}
	after.ContactID = wanted.contact
	return store.CheckCustomFields(ctx, tx, by.Organization, "task", old.CustomFields, after.CustomFields)
}

// Complete marks a task as done; one that is stays as it is.
func (t *Tasks) Complete(ctx context.Context, by parley.Caller, id parley.TaskID) (parley.Task, error) {
	return t.take(ctx, by, id, "complete", func(task *parley.Task) error {
		task.CompletedAt = new(parley.Now())
		return nil
	})
}

// Reopen makes a completed task one that is to be done again; one that is open stays
// as it is.
func (t *Tasks) Reopen(ctx context.Context, by parley.Caller, id parley.TaskID) (parley.Task, error) {
	return t.take(ctx, by, id, "reopen", func(task *parley.Task) error {
		task.CompletedAt = nil
		return nil
	})
}

func (t *Tasks) take(ctx context.Context, by parley.Caller, id parley.TaskID, verb string, also func(*parley.Task) error) (parley.Task, error) {
	status := func(task *parley.Task) *parley.TaskStatus { return &task.Status }
	return noun.Take(ctx, by, t.Noun, string(id), taskSteps(), verb, status, also)
}
