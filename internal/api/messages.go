package api

import (
	"context"
	"net/http"
	"reflect"

	"parley"
	"parley/internal/schema"
	"parley/internal/store"
)

type partListParams struct {
	IDParam
	ListParams
}

// MessageParams are the ids of a message and its conversation.
type MessageParams struct {
	IDParam
	MessageID string `path:"message_id" doc:"The message's id"`
}

func (p MessageParams) ids() (parley.ConversationID, parley.MessageID, error) {
	id, err := pathID[parley.ConversationID](p.ID, "conversation")
	if err != nil {
		return "", "", err
	}
	message, err := pathID[parley.MessageID](p.MessageID, "message")
	return id, message, err
}

type messageChangeParams struct {
	MessageParams
	MatchParam
}

type messageAnswer = object[parley.Message]

func messageOf(m parley.Message, err error) (messageAnswer, error) {
	return messageAnswer{m, store.Messages}, err
}

func (a *API) messages() {
	const tag, path = "Messages", "/v1/conversations/{id}/messages"
	t := reflect.TypeFor[parley.Message]()
	answer := a.components.Answer(t)
	register(a, operation{
		ID: "create-message", Method: http.MethodPost, Path: path, Tag: tag, Scope: "conversations:write", Status: http.StatusCreated,
		Summary: "Write a message", Body: a.components.Create(t), Answer: answer,
	}, func(ctx context.Context, c *call, in *IDParam) (messageAnswer, error) {
		id, err := pathID[parley.ConversationID](in.ID, "conversation")
		if err != nil {
			return messageAnswer{}, err
		}
		var m parley.Message
		schema.Defaults(&m)
		if err := schema.ReadCreate(c.body, &m); err != nil {
			return messageAnswer{}, err
		}
		return messageOf(a.Conversations.Write(ctx, c.Caller, id, m))
	})
	register(a, operation{
		ID: "list-messages", Method: http.MethodGet, Path: path, Tag: tag, Scope: "conversations:read",
		Summary: "List the messages of a conversation", Doc: "The newest come first.", Answer: a.pageSchema(t),
	}, func(ctx context.Context, c *call, in *partListParams) (page[parley.Message], error) {
		id, err := pathID[parley.ConversationID](in.ID, "conversation")
		if err != nil {
			return page[parley.Message]{}, err
		}
		return pageOf(a.Conversations.Messages(ctx, c.Caller.Organization, id, in.page()))
	})
	register(a, operation{
		ID: "get-message", Method: http.MethodGet, Path: path + "/{message_id}", Tag: tag, Scope: "conversations:read",
		Summary: "Get a message", Answer: answer,
	}, func(ctx context.Context, c *call, in *MessageParams) (messageAnswer, error) {
		id, message, err := in.ids()
		if err != nil {
			return messageAnswer{}, err
		}
		return messageOf(a.Conversations.Message(ctx, c.Caller.Organization, id, message))
	})
	register(a, operation{
		ID: "update-message", Method: http.MethodPatch, Path: path + "/{message_id}", Tag: tag, Scope: "conversations:write",
		Summary: "Change a message", Body: a.components.Update(t), Answer: answer, Errors: []int{http.StatusPreconditionFailed},
	}, func(ctx context.Context, c *call, in *messageChangeParams) (messageAnswer, error) {
		id, message, err := in.ids()
		if err != nil {
			return messageAnswer{}, err
		}
		version, err := ifMatch(in.IfMatch)
		if err != nil {
			return messageAnswer{}, err
		}
		return messageOf(a.Conversations.Rewrite(ctx, c.Caller, id, message, version, func(m *parley.Message) error {
			return schema.ReadUpdate(c.body, m)
		}))
	})
	register(a, operation{
		ID: "delete-message", Method: http.MethodDelete, Path: path + "/{message_id}", Tag: tag, Scope: "conversations:write",
		Summary: "Delete a message", Status: http.StatusNoContent,
	}, func(ctx context.Context, c *call, in *MessageParams) (nothing, error) {
		id, message, err := in.ids()
		if err != nil {
			return nothing{}, err
		}
		return nothing{}, a.Conversations.DeleteMessage(ctx, c.Caller, id, message)
	})
}
