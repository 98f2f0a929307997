package conversation

import (
	"context"

	"parley"
	"parley/internal/database"
	"parley/internal/store"
)

// subject is what a verb is about, with what its events tell of beside it.
type subject struct {
	parley.Conversation
	contact parley.Contact
	inbox   *parley.Inbox     // nil until it is located
	by      *parley.UserShort // the agent who acts; nil: it is no agent
}

func (c *Conversations) subject(ctx context.Context, tx *database.Tx, by parley.Caller, id parley.ConversationID) (*subject, error) {
	conv, contact, err := store.Subject(ctx, tx, by.Organization, id)
	if err != nil {
		return nil, err
	}
	agent, err := store.Agent(ctx, tx, by)
	return &subject{Conversation: conv, contact: contact, by: agent}, err
}

// locate reads the inbox, unless it was read before: events of messages do without.
func (s *subject) locate(ctx context.Context, tx *database.Tx, org parley.OrganizationID) error {
	if s.inbox != nil {
		return nil
	}
	inbox, err := store.Inboxes.Get(ctx, tx, org, string(s.InboxID))
	s.inbox = &inbox
	return err
}

// event is the data of a change to the conversation, once it is located.
func (s *subject) event(previous parley.Previous) parley.ConversationEvent {
	return parley.ConversationEvent{
		Conversation: s.Conversation, Contact: s.contact.Short(), Inbox: s.inbox.Short(), By: s.by, Previous: previous,
	}
}
