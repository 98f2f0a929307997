package conversation

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"parley"
	"parley/internal/database"
	"parley/internal/store"
)

const (
	maxLabels    = 100    // on one conversation
	maxRelabeled = 10_000 // conversations changed at once when a label goes or is renamed
)

// AddLabel puts a label on a conversation, and creates the label if there is none
// of that name. One that is there already is no error.
func (c *Conversations) AddLabel(ctx context.Context, by parley.Caller, id parley.ConversationID, l parley.Label) (parley.Label, error) {
	var label parley.Label
	err := c.db.Write(ctx, by.Organization, func(ctx context.Context, tx *database.Tx) error {
		s, err := c.subject(ctx, tx, by, id)
		if err != nil {
			return err
		}
		if label, err = c.labelNamed(ctx, tx, by, l); err != nil {
			return err
		}
		if slices.Contains(s.Labels, label.Name) {
			return nil
		}
		if len(s.Labels) >= maxLabels {
			return parley.Errorf(parley.Conflict, "A conversation can have %d labels: remove one first.", maxLabels)
		}
		_, err = tx.Exec(ctx, "insert into conversation_labels (org_id, label, conversation_id) values ($1, $2, $3)",
			string(by.Organization), label.Name, string(id))
		if err != nil {
			return fmt.Errorf("insert label of conversation: %w", err)
		}
		return c.relabel(ctx, tx, by, s, parley.ConversationLabelAdded, label, func(names []string) []string {
			return slices.Sorted(slices.Values(append(names, label.Name)))
		})
	})
	return label, err
}

func (c *Conversations) labelNamed(ctx context.Context, tx *database.Tx, by parley.Caller, l parley.Label) (parley.Label, error) {
	l.Name = strings.TrimSpace(l.Name)
	label, found, err := store.Labels.Find(ctx, tx, by.Organization, store.Where("name = ?", l.Name))
	if err != nil || found {
		return label, err
	}
	return c.Labels.Create(ctx, by, l)
}

// RemoveLabel takes a label off a conversation. One that is not on it is a
// NotFound error.
func (c *Conversations) RemoveLabel(ctx context.Context, by parley.Caller, id parley.ConversationID, name string) error {
	return c.db.Write(ctx, by.Organization, func(ctx context.Context, tx *database.Tx) error {
		s, err := c.subject(ctx, tx, by, id)
		if err != nil {
			return err
		}
		if !slices.Contains(s.Labels, name) {
			return parley.Errorf(parley.NotFound, "The conversation does not have the label %q.", name)
		}
		label, _, err := store.Labels.Find(ctx, tx, by.Organization, store.Where("name = ?", name))
		if err != nil {
			return err
		}
		return c.removeLabel(ctx, tx, by, s, label)
	})
}

func (c *Conversations) removeLabel(ctx context.Context, tx *database.Tx, by parley.Caller, s *subject, label parley.Label) error {
	_, err := tx.Exec(ctx, "delete from conversation_labels where org_id = $1 and label = $2 and conversation_id = $3",
		string(by.Organization), label.Name, string(s.ID))
	if err != nil {
		return fmt.Errorf("delete label of conversation: %w", err)
	}
	return c.relabel(ctx, tx, by, s, parley.ConversationLabelRemoved, label, func(names []string) []string {
		return slices.DeleteFunc(names, func(n string) bool { return n == label.Name })
	})
}

func (c *Conversations) relabel(ctx context.Context, tx *database.Tx, by parley.Caller, s *subject, event parley.EventType[parley.ConversationLabelEvent], label parley.Label, change func([]string) []string) error {
	return c.applyWith(ctx, tx, by, s,
		func(conv *parley.Conversation) { conv.Labels = change(conv.Labels) },
		func(previous parley.Previous) parley.Draft {
			return event.Draft(string(s.ID), s.InboxID, parley.ConversationLabelEvent{
				Conversation: s.Conversation, Contact: s.contact.Short(), Inbox: s.inbox.Short(),
				Label: label.Name, LabelID: label.ID, By: s.by, Previous: previous,
			})
		})
}

// LabelsOf reads the labels of a conversation.
func (c *Conversations) LabelsOf(ctx context.Context, org parley.OrganizationID, id parley.ConversationID) ([]parley.Label, error) {
	conv, err := c.Get(ctx, org, id)
	if err != nil {
		return nil, err
	}
	f := store.Where("name in (select label from conversation_labels where org_id = ? and conversation_id = ?)", string(org), string(conv.ID))
	labels, _, err := store.Labels.List(ctx, c.db.Read(), org, store.Page{Limit: maxLabels}, f)
	slices.SortFunc(labels, func(a, b parley.Label) int { return strings.Compare(a.Name, b.Name) })
	return labels, err
}

func (c *Conversations) checkLabel(ctx context.Context, tx *database.Tx, by parley.Caller, before, after *parley.Label) error {
	after.Name = strings.TrimSpace(after.Name)
	if after.Name == "" {
		return parley.InvalidField("body.name", "must not be blank")
	}
	if before != nil && before.Name == after.Name {
		return nil
	}
	_, taken, err := store.Labels.Find(ctx, tx, by.Organization, store.Where("name = ?", after.Name))
	if err != nil {
		return err
	}
	if taken {
		return &parley.Error{
			Kind: parley.Conflict, Detail: "There is already a label of this name.",
			Fields: []parley.FieldError{{Location: "body.name", Message: "is already the name of a label"}},
		}
	}
	if before == nil {
		return nil
	}
	return c.renameLabel(ctx, tx, by, *before, *after)
}

// renameLabel takes the old name off every conversation and puts the new one on.
func (c *Conversations) renameLabel(ctx context.Context, tx *database.Tx, by parley.Caller, from, to parley.Label) error {
	return c.eachLabeled(ctx, tx, by, from.Name, func(s *subject) error {
		if err := c.removeLabel(ctx, tx, by, s, from); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "insert into conversation_labels (org_id, label, conversation_id) values ($1, $2, $3)",
			string(by.Organization), to.Name, string(s.ID))
		if err != nil {
			return fmt.Errorf("insert label of conversation: %w", err)
		}
		return c.relabel(ctx, tx, by, s, parley.ConversationLabelAdded, to, func(names []string) []string {
			return slices.Sorted(slices.Values(append(names, to.Name)))
		})
	})
}

func (c *Conversations) deletingLabel(ctx context.Context, tx *database.Tx, by parley.Caller, l *parley.Label) error {
	return c.eachLabeled(ctx, tx, by, l.Name, func(s *subject) error {
		return c.removeLabel(ctx, tx, by, s, *l)
	})
}

func (c *Conversations) eachLabeled(ctx context.Context, tx *database.Tx, by parley.Caller, label string, do func(*subject) error) error {
	var labeled store.Filter
	Labeled(&labeled, label)
	convs, next, err := store.Conversations.List(ctx, tx, by.Organization, store.Page{Limit: maxRelabeled}, labeled)
	if err != nil {
		return err
	}
	if next != "" {
		return parley.Errorf(parley.Conflict, "The label is on over %d conversations: take it off some of them first (GET /v1/conversations?label=%s).", maxRelabeled, label)
	}
	agent, err := store.Agent(ctx, tx, by)
	if err != nil {
		return err
	}
	for _, conv := range convs {
		contact, err := store.Contacts.Get(ctx, tx, by.Organization, string(conv.ContactID))
		if err != nil {
			return err
		}
		if err := do(&subject{Conversation: conv, contact: contact, by: agent}); err != nil {
			return err
		}
	}
	return nil
}

// Labeled lets only conversations with a label through a filter.
func Labeled(f *store.Filter, name string) {
	f.Among("conversation_labels", "conversation_id", "label = ?", name)
}
