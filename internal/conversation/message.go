package conversation

import (
	"context"

	"parley"
	"parley/internal/database"
	"parley/internal/noun"
	"parley/internal/store"
)

// Messages reads a page of a conversation's messages.
func (c *Conversations) Messages(ctx context.Context, org parley.OrganizationID, id parley.ConversationID, p store.Page) ([]parley.Message, string, error) {
	if _, err := c.Get(ctx, org, id); err != nil {
		return nil, "", err
	}
	return store.Messages.List(ctx, c.db.Read(), org, p, store.Where("conversation_id = ?", string(id)))
}

// Message reads one message.
func (c *Conversations) Message(ctx context.Context, org parley.OrganizationID, id parley.ConversationID, message parley.MessageID) (parley.Message, error) {
	return store.Messages.Get(ctx, c.db.Read(), org, string(id), string(message))
}

// Write adds a message to a conversation. An incoming one speaks for the contact,
// in inboxes of channel api, and opens a conversation that was resolved or snoozed.
func (c *Conversations) Write(ctx context.Context, by parley.Caller, id parley.ConversationID, m parley.Message) (parley.Message, error) {
	var made parley.Message
	err := c.db.Write(ctx, by.Organization, func(ctx context.Context, tx *database.Tx) error {
		s, err := c.subject(ctx, tx, by, id)
		if err != nil {
			return err
		}
		made, err = c.write(ctx, tx, by, s, m, "body.")
		return err
	})
	return made, err
}

func (c *Conversations) write(ctx context.Context, tx *database.Tx, by parley.Caller, s *subject, m parley.Message, location string) (parley.Message, error) {
	m.ConversationID, m.Author = s.ID, by.Actor
	if m.Direction == parley.Incoming {
		if err := s.locate(ctx, tx, by.Organization); err != nil {
			return m, err
		}
		if s.inbox.Channel != "api" && by.Actor.Type != parley.ActorContact {
			return m, parley.InvalidField(location+"direction", "may be incoming only in inboxes of channel api: here the contact writes for themselves")
		}
		m.Author = parley.Actor{Type: parley.ActorContact, ID: string(s.ContactID)}
	} else if t, _ := parley.ContentTypeOf(m.Content.Type); t.Answer {
		return m, parley.InvalidField(location+"content.type", "is an answer, which only an incoming message can carry")
	}
	at, err := c.log.Next(ctx, tx)
	if err != nil {
		return m, err
	}
	store.Messages.Stamp(&m, at.Sequence, at.At)
	store.Messages.Insert(ctx, tx, by.Organization, &m)
	before := s.Conversation
	s.LastMessageAt = &m.CreatedAt
	store.Conversations.Touch(&s.Conversation, at.Sequence, at.At)
	store.Conversations.Update(ctx, tx, by.Organization, &before, &s.Conversation)
	if err := c.append(ctx, tx, by, at, messageDraft(parley.MessageCreated, s, m, nil)); err != nil {
		return m, err
	}
	if m.Direction == parley.Incoming && (s.Status == parley.Resolved || s.Status == parley.Snoozed) {
		return m, c.reopen(ctx, tx, by, s)
	}
	return m, nil
}

func messageDraft(t parley.EventType[parley.MessageEvent], s *subject, m parley.Message, previous parley.Previous) parley.Draft {
	return t.Draft(string(s.ID), s.InboxID, parley.MessageEvent{
		Message: m, Conversation: s.Short(), Contact: s.contact.Short(), By: s.by, Previous: previous,
	})
}

func (c *Conversations) reopen(ctx context.Context, tx *database.Tx, by parley.Caller, s *subject) error {
	return c.apply(ctx, tx, by, s, parley.ConversationReopened, func(conv *parley.Conversation) {
		conv.Status, conv.SnoozedUntil = parley.Open, nil
	})
}

// Rewrite lets change alter the content of a message.
func (c *Conversations) Rewrite(ctx context.Context, by parley.Caller, id parley.ConversationID, message parley.MessageID, version int64, change func(*parley.Message) error) (parley.Message, error) {
	var after parley.Message
	err := c.changeMessage(ctx, by, id, message, func(ctx context.Context, tx *database.Tx, s *subject, before parley.Message) error {
		after = before
		if err := noun.CheckVersion(version, before.Sequence); err != nil {
			return err
		}
		if err := change(&after); err != nil {
			return err
		}
		if t, _ := parley.ContentTypeOf(after.Content.Type); t.Answer && after.Direction == parley.Outgoing {
			return parley.InvalidField("body.content.type", "is an answer, which only an incoming message can carry")
		}
		previous := store.Messages.Changed(&before, &after)
		if previous == nil {
			return nil
		}
		at, err := c.log.Next(ctx, tx)
		if err != nil {
			return err
		}
		store.Messages.Touch(&after, at.Sequence, at.At)
		store.Messages.Update(ctx, tx, by.Organization, &before, &after)
		return c.append(ctx, tx, by, at, messageDraft(parley.MessageUpdated, s, after, previous))
	})
	return after, err
}

// DeleteMessage removes a message.
func (c *Conversations) DeleteMessage(ctx context.Context, by parley.Caller, id parley.ConversationID, message parley.MessageID) error {
	return c.changeMessage(ctx, by, id, message, func(ctx context.Context, tx *database.Tx, s *subject, m parley.Message) error {
		store.Messages.Delete(ctx, tx, by.Organization, string(id), string(message))
		at, err := c.log.Next(ctx, tx)
		if err != nil {
			return err
		}
		store.Messages.Touch(&m, at.Sequence, at.At)
		return c.append(ctx, tx, by, at, messageDraft(parley.MessageDeleted, s, m, nil))
	})
}

func (c *Conversations) changeMessage(ctx context.Context, by parley.Caller, id parley.ConversationID, message parley.MessageID, do func(context.Context, *database.Tx, *subject, parley.Message) error) error {
	return c.db.Write(ctx, by.Organization, func(ctx context.Context, tx *database.Tx) error {
		s, err := c.subject(ctx, tx, by, id)
		if err != nil {
			return err
		}
		m, err := store.Messages.Get(ctx, tx, by.Organization, string(id), string(message))
		if err != nil {
			return err
		}
		return do(ctx, tx, s, m)
	})
}
