package api

import (
	"context"
	"net/http"
	"reflect"

	"parley"
	"parley/internal/schema"
	"parley/internal/store"
)

type labelParams struct {
	IDParam
	Name string `path:"name" maxLength:"60" doc:"The label's name"`
}

func (a *API) conversationLabels() {
	const tag, path = "Conversations", "/v1/conversations/{id}/labels"
	t := reflect.TypeFor[parley.Label]()
	register(a, operation{
		ID: "add-conversation-label", Method: http.MethodPost, Path: path, Tag: tag, Scope: "conversations:write", Status: http.StatusCreated,
		Summary: "Put a label on a conversation", Doc: "The label is created if there is none of this name; colour and description count only then.",
		Body: a.components.Create(t), Answer: a.components.Answer(t),
	}, func(ctx context.Context, c *call, in *IDParam) (object[parley.Label], error) {
		id, err := pathID[parley.ConversationID](in.ID, "conversation")
		if err != nil {
			return object[parley.Label]{}, err
		}
		var l parley.Label
		schema.Defaults(&l)
		if err := schema.ReadCreate(c.body, &l); err != nil {
			return object[parley.Label]{}, err
		}
		l, err = a.Conversations.AddLabel(ctx, c.Caller, id, l)
		return object[parley.Label]{l, store.Labels}, err
	})
	register(a, operation{
		ID: "list-conversation-labels", Method: http.MethodGet, Path: path, Tag: tag, Scope: "conversations:read",
		Summary: "List the labels of a conversation", Answer: a.pageSchema(t),
	}, func(ctx context.Context, c *call, in *IDParam) (page[parley.Label], error) {
		id, err := pathID[parley.ConversationID](in.ID, "conversation")
		if err != nil {
			return page[parley.Label]{}, err
		}
		labels, err := a.Conversations.LabelsOf(ctx, c.Caller.Organization, id)
		return pageOf(labels, "", err)
	})
	register(a, operation{
		ID: "remove-conversation-label", Method: http.MethodDelete, Path: path + "/{name}", Tag: tag, Scope: "conversations:write",
		Summary: "Take a label off a conversation", Status: http.StatusNoContent,
	}, func(ctx context.Context, c *call, in *labelParams) (nothing, error) {
		id, err := pathID[parley.ConversationID](in.ID, "conversation")
		if err != nil {
			return nothing{}, err
		}
		return nothing{}, a.Conversations.RemoveLabel(ctx, c.Caller, id, in.Name)
	})
}
