package conversation

import (
	"context"
	"strings"

	"parley"
	"parley/internal/database"
	"parley/internal/eventlog"
	"parley/internal/noun"
	"parley/internal/store"
)

// maxCanned is how many canned responses an organization may have: whoever offers them
// to agents as they type may read all.
const maxCanned = 2000

func newCannedResponses(db *database.DB, log *eventlog.Log) *noun.Noun[parley.CannedResponse, parley.CannedResponseEvent] {
	return &noun.Noun[parley.CannedResponse, parley.CannedResponseEvent]{
		DB: db, Log: log, Table: store.CannedResponses,
		Created: parley.CannedResponseCreated, Updated: parley.CannedResponseUpdated, Deleted: parley.CannedResponseDeleted,
		Data: func(r parley.CannedResponse, p parley.Previous) parley.CannedResponseEvent {
			return parley.CannedResponseEvent{CannedResponse: r, Previous: p}
		},
		Check: checkCanned,
	}
}

func checkCanned(ctx context.Context, tx *database.Tx, by parley.Caller, before, after *parley.CannedResponse) error {
	if before == nil {
		if err := store.CannedResponses.CheckRoom(ctx, tx, by.Organization, store.Filter{}, maxCanned, "An organization"); err != nil {
			return err
		}
	}
	after.Name = strings.TrimSpace(after.Name)
	switch {
	case after.Name == "":
		return parley.InvalidField("body.name", "must not be blank")
	case strings.TrimSpace(after.Text) == "":
		return parley.InvalidField("body.text", "must not be blank")
	case before != nil && before.Shortcut == after.Shortcut:
		return nil
	}
	_, taken, err := store.CannedResponses.Find(ctx, tx, by.Organization, store.Where("shortcut = ?", after.Shortcut))
	if err != nil || !taken {
		return err
	}
	return &parley.Error{
		Kind: parley.Conflict, Detail: "There is already a canned response with this shortcut.",
		Fields: []parley.FieldError{{Location: "body.shortcut", Message: "is already the shortcut of a canned response"}},
	}
}
