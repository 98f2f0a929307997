package api

import (
	"context"
	"net/http"
	"reflect"

	"parley"
	"parley/internal/conversation"
	"parley/internal/database"
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
	Q          string `query:"q" maxLength:"200" doc:"Only conversations in whose subject, name, email or phone number of the contact, or newest 1,000 messages of type text this stands, whatever the case of a to z. Out of very many conversations, a page may end before it is full: next_cursor goes on with the search"`
	Sort       string `query:"sort" enum:"created_at,last_message_at" default:"created_at" doc:"created_at: the newest first; last_message_at: the latest activity first, which is the last message, or the beginning of what has none. One that gets a message while you read page by page moves to the front: begin again to see it there. Not with changed_after"`
}

func (l conversationList) page() store.Page {
	p := l.ListParams.page()
	p.Latest = l.latest()
	return p
}

func (l conversationList) latest() bool { return l.Sort == "last_message_at" }

func (l conversationList) check() error {
	if l.latest() && l.ChangedAfter != "" {
		return parley.InvalidField("query.sort", "must be left out with changed_after, which has an order of its own")
	}
	return nil
}

func (l conversationList) search(engine database.Engine, f *store.Filter) {
	if l.Q != "" {
		conversation.Search(engine, f, l.Q)
	}
}

// filter has rows found by what lets the fewest through, most likely. The database may
// not know: without statistics one index is as good as another to it.
func (l conversationList) filter() store.Filter {
	if l.latest() && l.ContactID == "" {
		return l.byActivity()
	}
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
			f.Within()
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

// byActivity has rows found by an index that has them in the order of their activity.
// Whatever it does not know is searched for.
func (l conversationList) byActivity() (f store.Filter) {
	switch l.AssigneeID {
	case "":
	case "none":
		f = conversation.AssignedTo("")
	default:
		f = conversation.AssignedTo(parley.UserID(l.AssigneeID))
	}
	if l.Status != "" {
		f.And("status = ?", l.Status)
	} else {
		f.Apart("status", statuses()...)
	}
	f.Within()
	if l.InboxID != "" {
		f.Search("inbox_id = ?", l.InboxID)
	}
	if l.TeamID == "none" {
		f.Search("team_id is null")
	} else if l.TeamID != "" {
		f.Search("team_id = ?", l.TeamID)
	}
	if l.Label != "" {
		f.Search("exists (select 1 from conversation_labels l where l.org_id = $1 and l.label = ? and l.conversation_id = conversations.id)", l.Label)
	}
	return f
}

func statuses() (all []string) {
	for _, s := range conversation.Statuses {
		all = append(all, string(s))
	}
	return all
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
