package api

import (
	"context"
	"net/http"
	"reflect"

	"parley"
	"parley/internal/schema"
	"parley/internal/store"
)

type noteParams struct {
	IDParam
	NoteID string `path:"note_id" doc:"The note's id"`
}

func (p noteParams) ids() (parley.ConversationID, parley.NoteID, error) {
	id, err := pathID[parley.ConversationID](p.ID, "conversation")
	if err != nil {
		return "", "", err
	}
	note, err := pathID[parley.NoteID](p.NoteID, "note")
	return id, note, err
}

func (a *API) notes() {
	const tag, path = "Notes", "/v1/conversations/{id}/notes"
	t := reflect.TypeFor[parley.Note]()
	answer := a.components.Answer(t)
	register(a, operation{
		ID: "create-note", Method: http.MethodPost, Path: path, Tag: tag, Scope: "conversations:write", Status: http.StatusCreated,
		Summary: "Add a private note", Body: a.components.Create(t), Answer: answer,
	}, func(ctx context.Context, c *call, in *IDParam) (object[parley.Note], error) {
		id, err := pathID[parley.ConversationID](in.ID, "conversation")
		if err != nil {
			return object[parley.Note]{}, err
		}
		var n parley.Note
		if err := schema.ReadCreate(c.body, &n); err != nil {
			return object[parley.Note]{}, err
		}
		n, err = a.Conversations.Remark(ctx, c.Caller, id, n)
		return object[parley.Note]{n, store.Notes}, err
	})
	register(a, operation{
		ID: "list-notes", Method: http.MethodGet, Path: path, Tag: tag, Scope: "conversations:read",
		Summary: "List the notes of a conversation", Doc: "The newest come first.", Answer: a.pageSchema(t),
	}, func(ctx context.Context, c *call, in *partListParams) (page[parley.Note], error) {
		id, err := pathID[parley.ConversationID](in.ID, "conversation")
		if err != nil {
			return page[parley.Note]{}, err
		}
		return pageOf(a.Conversations.Notes(ctx, c.Caller.Organization, id, in.page()))
	})
	register(a, operation{
		ID: "get-note", Method: http.MethodGet, Path: path + "/{note_id}", Tag: tag, Scope: "conversations:read",
		Summary: "Get a note", Answer: answer,
	}, func(ctx context.Context, c *call, in *noteParams) (object[parley.Note], error) {
		id, note, err := in.ids()
		if err != nil {
			return object[parley.Note]{}, err
		}
		n, err := a.Conversations.Note(ctx, c.Caller.Organization, id, note)
		return object[parley.Note]{n, store.Notes}, err
	})
	register(a, operation{
		ID: "delete-note", Method: http.MethodDelete, Path: path + "/{note_id}", Tag: tag, Scope: "conversations:write",
		Summary: "Delete a note", Status: http.StatusNoContent,
	}, func(ctx context.Context, c *call, in *noteParams) (nothing, error) {
		id, note, err := in.ids()
		if err != nil {
			return nothing{}, err
		}
		return nothing{}, a.Conversations.DeleteNote(ctx, c.Caller, id, note)
	})
}
