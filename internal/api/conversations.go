package api

import (
	"context"
	"net/http"
	"reflect"

	"parley"
	"parley/internal/conversation"
	"parley/internal/schema"
	"parley/internal/store"
)

type conversationList struct {
	ListParams
	Status     string `query:"status" enum:"open,pending,snoozed,resolved" doc:"Only conversations of this status"`
	InboxID    string `query:"inbox_id" maxLength:"64" doc:"Only conversations of this inbox"`
	ContactID  string `query:"contact_id" maxLength:"64" doc:"Only conversations with this contact"`
	AssigneeID string `query:"assignee_id" maxLength:"64" doc:"Only conversations assigned to this user; none: to nobody"`
	TeamID     string `query:"team_id" maxLength:"64" doc:"Only conversations of this team; none: of no team"`
	Label      string `query:"label" maxLength:"60" doc:"Only conversations with this label"`
}

// filter has rows found by what lets the fewest through, most likely. The database may
// not know: without statistics one index is as good as another to it.
func (l conversationList) filter() store.Filter {
	var f store.Filter
	found := false // by a clause so far
	equal := func(column, value string) {
		switch {
		case value == "":
			return
		case found:
			f.Broad(column, value)
		default:
			f.And(column+" = ?", value)
		}
		found = true
	}
	equal("contact_id", l.ContactID)
	if l.Label != "" {
		conversation.Labeled(&f, l.Label)
		found = true
	}
	if l.AssigneeID == "none" {
		f.And("assignee_id is null")
	} else {
		equal("assignee_id", l.AssigneeID)
	}
	if l.TeamID == "none" {
		f.And("team_id is null")
	} else {
		equal("team_id", l.TeamID)
	}
	if l.Status == string(parley.Resolved) { // most are, sooner or later
		equal("inbox_id", l.InboxID)
		equal("status", l.Status)
	} else {
		equal("status", l.Status)
		equal("inbox_id", l.InboxID)
	}
	return f
}

// conversationCreate is a new conversation and, if given, its first message.
type conversationCreate struct {
	parley.Conversation
	Message *firstMessage `json:"message" write:"create" doc:"A first message"`
}

type firstMessage struct {
	Direction parley.Direction `json:"direction,omitempty" enum:"outgoing,incoming" doc:"outgoing if left out; incoming: your program speaks for the contact, in inboxes of channel api"`
	Content   parley.Content   `json:"content"`
}

type conversationAnswer = object[parley.Conversation]

func conversationOf(c parley.Conversation, err error) (conversationAnswer, error) {
	return conversationAnswer{c, store.Conversations}, err
}

func (a *API) conversations() {
	const tag, path = "Conversations", "/v1/conversations"
	answer := a.components.Answer(reflect.TypeFor[parley.Conversation]())
	register(a, operation{
		ID: "create-conversation", Method: http.MethodPost, Path: path, Tag: tag, Scope: "conversations:write", Status: http.StatusCreated,
		Summary: "Start a conversation", Body: a.components.Create(reflect.TypeFor[conversationCreate]()), Answer: answer,
	}, func(ctx context.Context, c *call, _ *noParams) (conversationAnswer, error) {
		var body conversationCreate
		if err := schema.ReadCreate(c.body, &body); err != nil {
			return conversationAnswer{}, err
		}
		var first *parley.Message
		if m := body.Message; m != nil {
			first = &parley.Message{Direction: m.Direction, Content: m.Content}
			if first.Direction == "" {
				first.Direction = parley.Outgoing
			}
		}
		return conversationOf(a.Conversations.Create(ctx, c.Caller, body.Conversation, first))
	})
	register(a, operation{
		ID: "get-conversation", Method: http.MethodGet, Path: path + "/{id}", Tag: tag, Scope: "conversations:read",
		Summary: "Get a conversation", Answer: answer,
	}, func(ctx context.Context, c *call, in *IDParam) (conversationAnswer, error) {
		id, err := pathID[parley.ConversationID](in.ID, "conversation")
		if err != nil {
			return conversationAnswer{}, err
		}
		return conversationOf(a.Conversations.Get(ctx, c.Caller.Organization, id))
	})
	register(a, operation{
		ID: "update-conversation", Method: http.MethodPatch, Path: path + "/{id}", Tag: tag, Scope: "conversations:write",
		Summary: "Change a conversation", Doc: "Fields that are left out stay as they are. A new assignee or team, a new status and other changes make an event each.",
		Body: a.components.Update(reflect.TypeFor[parley.Conversation]()), Answer: answer, Errors: []int{http.StatusPreconditionFailed},
	}, func(ctx context.Context, c *call, in *changeParams) (conversationAnswer, error) {
		id, version, err := target[parley.ConversationID](in, "conversation")
		if err != nil {
			return conversationAnswer{}, err
		}
		return conversationOf(a.Conversations.Update(ctx, c.Caller, id, version, func(conv *parley.Conversation) error {
			return schema.ReadUpdate(c.body, conv)
		}))
	})
	register(a, operation{
		ID: "delete-conversation", Method: http.MethodDelete, Path: path + "/{id}", Tag: tag, Scope: "conversations:write",
		Summary: "Delete a conversation", Doc: "Its messages and notes go with it.", Status: http.StatusNoContent,
	}, func(ctx context.Context, c *call, in *IDParam) (nothing, error) {
		id, err := pathID[parley.ConversationID](in.ID, "conversation")
		if err != nil {
			return nothing{}, err
		}
		return nothing{}, a.Conversations.Delete(ctx, c.Caller, id)
	})
}

type assigneeBody struct {
	AssigneeID *parley.UserID `json:"assignee_id" required:"true" doc:"The user who looks after the conversation; null: nobody"`
}

type statusBody struct {
	Status       parley.Status `json:"status" required:"true" enum:"open,pending,snoozed,resolved"`
	SnoozedUntil *parley.Time  `json:"snoozed_until,omitempty" doc:"With snoozed: until when"`
}

// conversationParts are the parts of a conversation that can be set on their own.
func (a *API) conversationParts() {
	setPart(a, "assignee", "Assign a conversation", func(b assigneeBody, conv *parley.Conversation) {
		conv.AssigneeID = b.AssigneeID
	})
	setPart(a, "status", "Set a conversation's status", func(b statusBody, conv *parley.Conversation) {
		conv.Status, conv.SnoozedUntil = b.Status, b.SnoozedUntil
	})
}

func setPart[B any](a *API, part, summary string, set func(B, *parley.Conversation)) {
	register(a, operation{
		ID: "set-conversation-" + part, Method: http.MethodPut, Path: "/v1/conversations/{id}/" + part, Tag: "Conversations",
		Scope: "conversations:write", Summary: summary, Errors: []int{http.StatusPreconditionFailed},
		Body: a.components.Request(reflect.TypeFor[B]()), Answer: a.components.Answer(reflect.TypeFor[parley.Conversation]()),
	}, func(ctx context.Context, c *call, in *changeParams) (conversationAnswer, error) {
		id, version, err := target[parley.ConversationID](in, "conversation")
		if err != nil {
			return conversationAnswer{}, err
		}
		var body B
		if err := schema.Read(c.body, &body, schema.OfType[B]()); err != nil {
			return conversationAnswer{}, err
		}
		return conversationOf(a.Conversations.Update(ctx, c.Caller, id, version, func(conv *parley.Conversation) error {
			set(body, conv)
			return nil
		}))
	})
}
