// Package conversation holds the verbs of conversations and of what belongs to
// them: messages, notes, labels, variables and canned responses. Each verb is one transaction.
package conversation

import (
	"context"
	"fmt"

	"parley"
	"parley/internal/attachment"
	"parley/internal/database"
	"parley/internal/eventlog"
	"parley/internal/noun"
	"parley/internal/store"
	"parley/internal/work"
)

// Conversations is the verbs.
type Conversations struct {
	db   *database.DB
	log  *eventlog.Log
	work *work.Work

	Labels          *noun.Noun[parley.Label, parley.LabelEvent]
	CannedResponses *noun.Noun[parley.CannedResponse, parley.CannedResponseEvent]
}

// New makes the verbs on a database and its log.
func New(db *database.DB, log *eventlog.Log) *Conversations {
	c := &Conversations{db: db, log: log, work: work.New(db, log)}
	c.Labels = &noun.Noun[parley.Label, parley.LabelEvent]{
		DB: db, Log: log, Table: store.Labels,
		Created: parley.LabelCreated, Updated: parley.LabelUpdated, Deleted: parley.LabelDeleted,
		Data: func(l parley.Label, p parley.Previous) parley.LabelEvent {
			return parley.LabelEvent{Label: l, Previous: p}
		},
		Check:    c.checkLabel,
		Deleting: c.deletingLabel,
	}
	c.CannedResponses = newCannedResponses(db, log)
	return c
}

// Get reads a conversation.
func (c *Conversations) Get(ctx context.Context, org parley.OrganizationID, id parley.ConversationID) (parley.Conversation, error) {
	return store.Conversations.Get(ctx, c.db.Read(), org, string(id))
}

// List reads a page of conversations.
func (c *Conversations) List(ctx context.Context, org parley.OrganizationID, p store.Page, f store.Filter) ([]parley.Conversation, string, error) {
	return store.Conversations.List(ctx, c.db.Read(), org, p, f)
}

// Create starts a conversation, with a first message unless that is nil.
func (c *Conversations) Create(ctx context.Context, by parley.Caller, conv parley.Conversation, first *parley.Message) (parley.Conversation, error) {
	var made parley.Conversation
	err := c.db.Write(ctx, by.Organization, func(ctx context.Context, tx *database.Tx) error {
		made = store.Conversations.Clone(&conv)
		made.Status = parley.Open
		inbox, err := store.Inboxes.Refer(ctx, tx, by.Organization, "body.inbox_id", string(made.InboxID))
		if err != nil {
			return err
		}
		contact, err := store.Contacts.Refer(ctx, tx, by.Organization, "body.contact_id", string(made.ContactID))
		if err != nil {
			return err
		}
		if err := store.CheckCustomFields(ctx, tx, by.Organization, "conversation", nil, made.CustomFields); err != nil {
			return err
		}
		s := &subject{Conversation: made, contact: contact, inbox: &inbox}
		if s.by, err = store.Agent(ctx, tx, by); err != nil {
			return err
		}
		if err := c.insert(ctx, tx, by, s); err != nil {
			return err
		}
		made = s.Conversation
		if first == nil {
			return nil
		}
		_, err = c.write(ctx, tx, by, s, *first, "body.message.")
		if err != nil {
			return err
		}
		made, err = store.Conversations.Get(ctx, tx, by.Organization, string(made.ID))
		return err
	})
	return made, err
}

// insert adds a conversation and its event.
func (c *Conversations) insert(ctx context.Context, tx *database.Tx, by parley.Caller, s *subject) error {
	others, err := store.Conversations.Count(ctx, tx, by.Organization, store.Where("contact_id = ?", string(s.ContactID)), 1)
	if err != nil {
		return err
	}
	assignee, err := store.UserShort(ctx, tx, by.Organization, s.AssigneeID)
	if err != nil {
		return err
	}
	at, err := c.log.Next(ctx, tx)
	if err != nil {
		return err
	}
	store.Conversations.Stamp(&s.Conversation, at.Sequence, at.At)
	store.Conversations.Insert(ctx, tx, by.Organization, &s.Conversation)
	return c.append(ctx, tx, by, at, parley.ConversationCreated.Draft(string(s.ID), s.InboxID, parley.ConversationCreatedEvent{
		Conversation: s.Conversation, Contact: s.contact, Inbox: s.inbox.Short(),
		Assignee: assignee, First: others == 0, By: s.by,
	}))
}

// Update lets change alter a conversation; version is as in [noun.Noun.Update]. Each
// kind of change makes its own event: a new assignee or team, a new status, the rest.
func (c *Conversations) Update(ctx context.Context, by parley.Caller, id parley.ConversationID, version int64, change func(*parley.Conversation) error) (parley.Conversation, error) {
	var after parley.Conversation
	err := c.db.Write(ctx, by.Organization, func(ctx context.Context, tx *database.Tx) error {
		s, err := c.subject(ctx, tx, by, id)
		if err != nil {
			return err
		}
		if err := noun.CheckVersion(version, s.Sequence); err != nil {
			return err
		}
		after = store.Conversations.Clone(&s.Conversation)
		if err := change(&after); err != nil {
			return err
		}
		if err := c.check(ctx, tx, by, &s.Conversation, &after); err != nil {
			return err
		}
		return c.applyAll(ctx, tx, by, s, &after)
	})
	return after, err
}

func (c *Conversations) check(ctx context.Context, tx *database.Tx, by parley.Caller, before, after *parley.Conversation) error {
	if after.Status != before.Status && before.Status == parley.Snoozed && !changed(before.SnoozedUntil, after.SnoozedUntil) {
		after.SnoozedUntil = nil // the snooze ends with the status
	}
	switch {
	case after.Status == parley.Snoozed && after.SnoozedUntil == nil:
		return parley.InvalidField("body.snoozed_until", "must say until when, with status snoozed")
	case after.Status != parley.Snoozed && after.SnoozedUntil != nil:
		return parley.InvalidField("body.snoozed_until", "goes with status snoozed only")
	case after.Status == parley.Snoozed && *after.SnoozedUntil <= parley.Now() && changed(before.SnoozedUntil, after.SnoozedUntil):
		return parley.InvalidField("body.snoozed_until", "must lie in the future")
	}
	if store.Renewed(before.AssigneeID, after.AssigneeID) {
		if _, err := store.Users.Refer(ctx, tx, by.Organization, "body.assignee_id", string(*after.AssigneeID)); err != nil {
			return err
		}
	}
	if store.Renewed(before.TeamID, after.TeamID) {
		if _, err := store.Teams.Refer(ctx, tx, by.Organization, "body.team_id", string(*after.TeamID)); err != nil {
			return err
		}
	}
	return store.CheckCustomFields(ctx, tx, by.Organization, "conversation", before.CustomFields, after.CustomFields)
}

// applyAll brings a conversation from where it is to after in steps, one event each.
func (c *Conversations) applyAll(ctx context.Context, tx *database.Tx, by parley.Caller, s *subject, after *parley.Conversation) error {
	wanted := *after
	err := c.apply(ctx, tx, by, s, parley.ConversationUpdated, func(conv *parley.Conversation) {
		conv.Subject, conv.CustomFields = wanted.Subject, wanted.CustomFields
	})
	if err != nil {
		return err
	}
	if err := c.assign(ctx, tx, by, s, wanted.AssigneeID, wanted.TeamID); err != nil {
		return err
	}
	err = c.apply(ctx, tx, by, s, statusEvent(s.Status, wanted.Status), func(conv *parley.Conversation) {
		conv.Status, conv.SnoozedUntil = wanted.Status, wanted.SnoozedUntil
	})
	*after = s.Conversation
	return err
}

// assign gives a conversation to an agent and a team, or takes it from them (nil).
func (c *Conversations) assign(ctx context.Context, tx *database.Tx, by parley.Caller, s *subject, to *parley.UserID, team *parley.TeamID) error {
	another := changed(s.AssigneeID, to)
	if !another && !changed(s.TeamID, team) {
		return nil
	}
	before, err := store.UserShort(ctx, tx, by.Organization, s.AssigneeID)
	if err != nil {
		return err
	}
	now, err := store.UserShort(ctx, tx, by.Organization, to)
	if err != nil {
		return err
	}
	return c.applyWith(ctx, tx, by, s,
		func(conv *parley.Conversation) { conv.AssigneeID, conv.TeamID = to, team },
		func(previous parley.Previous) parley.Draft {
			if another {
				previous["assignee"] = before
			}
			return parley.ConversationAssigned.Draft(string(s.ID), s.InboxID, parley.ConversationAssignedEvent{
				Conversation: s.Conversation, Contact: s.contact.Short(), Inbox: s.inbox.Short(),
				Assignee: now, By: s.by, Previous: previous,
			})
		})
}

func statusEvent(before, after parley.Status) parley.EventType[parley.ConversationEvent] {
	switch {
	case after == parley.Snoozed:
		return parley.ConversationSnoozed
	case after == parley.Resolved:
		return parley.ConversationResolved
	case after == parley.Open && before != parley.Open:
		return parley.ConversationReopened
	}
	return parley.ConversationUpdated
}

// apply makes one change and its event; a change that alters nothing makes none.
// The subject is then as after the change.
func (c *Conversations) apply(ctx context.Context, tx *database.Tx, by parley.Caller, s *subject, event parley.EventType[parley.ConversationEvent], change func(*parley.Conversation)) error {
	return c.applyWith(ctx, tx, by, s, change, func(previous parley.Previous) parley.Draft {
		return event.Draft(string(s.ID), s.InboxID, s.event(previous))
	})
}

func (c *Conversations) applyWith(ctx context.Context, tx *database.Tx, by parley.Caller, s *subject, change func(*parley.Conversation), draft func(parley.Previous) parley.Draft) error {
	before := s.Conversation
	after := store.Conversations.Clone(&before)
	change(&after)
	previous := store.Conversations.Changed(&before, &after)
	if previous == nil {
		return nil
	}
	if err := s.locate(ctx, tx, by.Organization); err != nil {
		return err
	}
	at, err := c.log.Next(ctx, tx)
	if err != nil {
		return err
	}
	store.Conversations.Touch(&after, at.Sequence, at.At)
	store.Conversations.Update(ctx, tx, by.Organization, &before, &after)
	s.Conversation = after
	return c.append(ctx, tx, by, at, draft(previous))
}

// Delete removes a conversation with its messages, notes and attachments. Tasks, tickets
// and appointments stay, without it.
func (c *Conversations) Delete(ctx context.Context, by parley.Caller, id parley.ConversationID) error {
	return c.db.Write(ctx, by.Organization, func(ctx context.Context, tx *database.Tx) error {
		s, err := c.subject(ctx, tx, by, id)
		if err != nil {
			return err
		}
		return c.delete(ctx, tx, by, s)
	})
}

// maxDeleted bounds how many conversations go with their contact at once.
const maxDeleted = 1000

// DeleteAllOf removes every conversation of a contact, in a transaction that
// removes the contact.
func (c *Conversations) DeleteAllOf(ctx context.Context, tx *database.Tx, by parley.Caller, contact parley.Contact) error {
	f := store.Where("contact_id = ?", string(contact.ID))
	convs, next, err := store.Conversations.List(ctx, tx, by.Organization, store.Page{Limit: maxDeleted}, f)
	if err != nil {
		return err
	}
	if next != "" {
		return parley.Errorf(parley.Conflict, "The contact has over %d conversations: delete some of them first (GET /v1/conversations?contact_id=%s).", maxDeleted, contact.ID)
	}
	agent, err := store.Agent(ctx, tx, by)
	if err != nil {
		return err
	}
	for _, conv := range convs {
		if err := c.delete(ctx, tx, by, &subject{Conversation: conv, contact: contact, by: agent}); err != nil {
			return err
		}
	}
	return nil
}

// MoveAllOf makes every conversation of a contact another contact's, in a transaction
// that merges the two.
func (c *Conversations) MoveAllOf(ctx context.Context, tx *database.Tx, by parley.Caller, from, to parley.Contact) error {
	agent, err := store.Agent(ctx, tx, by)
	if err != nil {
		return err
	}
	inboxes := map[parley.InboxID]*parley.Inbox{} // each is looked up once
	f := store.Where("contact_id = ?", string(from.ID))
	return store.Conversations.Each(ctx, tx, by.Organization, f, func(conv *parley.Conversation) error {
		s := &subject{Conversation: *conv, contact: to, inbox: inboxes[conv.InboxID], by: agent}
		err := c.apply(ctx, tx, by, s, parley.ConversationUpdated, func(conv *parley.Conversation) {
			conv.ContactID = to.ID
		})
		inboxes[conv.InboxID] = s.inbox
		return err
	})
}

func (c *Conversations) delete(ctx context.Context, tx *database.Tx, by parley.Caller, s *subject) error {
	if err := c.work.ConversationGone(ctx, tx, by, s.ID); err != nil {
		return err
	}
	if err := s.locate(ctx, tx, by.Organization); err != nil {
		return err
	}
	if err := attachment.ConversationGone(ctx, tx, c.log, by, s.ID); err != nil {
		return err
	}
	if err := deleteParts(ctx, tx, by.Organization, s.ID); err != nil {
		return err
	}
	store.Conversations.Delete(ctx, tx, by.Organization, string(s.ID))
	at, err := c.log.Next(ctx, tx)
	if err != nil {
		return err
	}
	store.Conversations.Touch(&s.Conversation, at.Sequence, at.At)
	return c.append(ctx, tx, by, at, parley.ConversationDeleted.Draft(string(s.ID), s.InboxID, s.event(nil)))
}

// Empty deletes the messages and notes of a conversation that is about to be deleted, so
// many at once, without events of their own: that of the conversation tells of them.
func (c *Conversations) Empty(ctx context.Context, by parley.Caller, id parley.ConversationID, atOnce int) error {
	for _, table := range []string{"messages", "notes"} {
		for gone := int64(atOnce); gone == int64(atOnce); {
			err := c.db.Write(ctx, by.Organization, func(ctx context.Context, tx *database.Tx) error {
				done, err := tx.Exec(ctx, `
					delete from `+table+` where org_id = $1 and conversation_id = $2 and id in (
						select id from `+table+` where org_id = $1 and conversation_id = $2 order by id limit $3)`,
					string(by.Organization), string(id), atOnce)
				if err != nil {
					return fmt.Errorf("empty a conversation of its %s: %w", table, err)
				}
				gone, err = done.RowsAffected()
				tx.Count(-gone, 0)
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// deleteParts removes what belongs to a conversation.
func deleteParts(ctx context.Context, tx *database.Tx, org parley.OrganizationID, id parley.ConversationID) error {
	for _, part := range []struct {
		table   string
		objects bool // its rows count as objects
	}{{"messages", true}, {"notes", true}, {"conversation_labels", false}} {
		gone, err := tx.Exec(ctx, "delete from "+part.table+" where org_id = $1 and conversation_id = $2", string(org), string(id))
		if err != nil {
			return fmt.Errorf("delete %s of a conversation: %w", part.table, err)
		}
		n, err := gone.RowsAffected()
		if err != nil {
			return fmt.Errorf("count %s of a conversation: %w", part.table, err)
		}
		if part.objects {
			tx.Count(-n, 0)
		}
	}
	return nil
}

func (c *Conversations) append(ctx context.Context, tx *database.Tx, by parley.Caller, at eventlog.Place, d parley.Draft) error {
	_, err := c.log.Append(ctx, tx, by, at, d)
	return err
}

func changed[T comparable](a, b *T) bool {
	if a == nil || b == nil {
		return a != b
	}
	return *a != *b
}
