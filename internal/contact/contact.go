// Package contact holds the verbs of contacts and of the variables kept on them.
// Each verb is one transaction.
package contact

import (
	"context"
	"encoding/json"

	"parley"
	"parley/internal/conversation"
	"parley/internal/database"
	"parley/internal/eventlog"
	"parley/internal/noun"
	"parley/internal/sales"
	"parley/internal/store"
	"parley/internal/work"
)

// Contacts is the verbs.
type Contacts struct {
	*noun.Noun[parley.Contact, parley.ContactEvent]
	conversations *conversation.Conversations
	work          *work.Work
	sales         *sales.Sales
	erase         chan struct{} // has something when a contact is to be erased
}

// New makes the verbs on a database and its log.
func New(db *database.DB, log *eventlog.Log, conversations *conversation.Conversations) *Contacts {
	c := &Contacts{conversations: conversations, work: work.New(db, log), sales: sales.New(db, log), erase: make(chan struct{}, 1)}
	c.Noun = &noun.Noun[parley.Contact, parley.ContactEvent]{
		DB: db, Log: log, Table: store.Contacts,
		Created: parley.ContactCreated, Updated: parley.ContactUpdated, Deleted: parley.ContactDeleted,
		Data: func(c parley.Contact, p parley.Previous) parley.ContactEvent {
			return parley.ContactEvent{Contact: c, Previous: p}
		},
		Check:    check,
		Deleting: c.deleting,
	}
	return c
}

func check(ctx context.Context, tx *database.Tx, by parley.Caller, before, after *parley.Contact) error {
	var old parley.Contact
	if before != nil {
		old = *before
	}
	if err := store.CheckVariables("body.variables", after.Variables); err != nil {
		return err
	}
	if err := store.CheckCustomFields(ctx, tx, by.Organization, "contact", old.CustomFields, after.CustomFields); err != nil {
		return err
	}
	if after.ExternalID == nil || old.ExternalID != nil && *old.ExternalID == *after.ExternalID {
		return nil
	}
	other, taken, err := store.Contacts.Find(ctx, tx, by.Organization, store.Where("external_id = ?", *after.ExternalID))
	if err != nil || !taken {
		return err
	}
	return &parley.Error{
		Kind: parley.Conflict, Detail: "Another contact has this external_id: change that one (" + string(other.ID) + ") instead.",
		Fields: []parley.FieldError{{Location: "body.external_id", Message: "is already the external_id of " + string(other.ID)}},
	}
}

// deleting removes the contact's conversations first, each with its own event. Tasks,
// tickets and appointments stay, without the contact.
func (c *Contacts) deleting(ctx context.Context, tx *database.Tx, by parley.Caller, contact *parley.Contact) error {
	if err := c.conversations.DeleteAllOf(ctx, tx, by, *contact); err != nil {
		return err
	}
	return c.work.ContactGone(ctx, tx, by, contact.ID)
}

// SetVariable gives a variable of the contact a value, or removes it (nil).
func (c *Contacts) SetVariable(ctx context.Context, by parley.Caller, id parley.ContactID, name string, value json.RawMessage) (parley.Contact, error) {
	return c.Update(ctx, by, string(id), noun.AnyVersion, func(contact *parley.Contact) error {
		if value == nil {
			delete(contact.Variables, name)
			return nil
		}
		contact.Variables[name] = value
		return store.CheckVariable(name, contact.Variables)
	})
}
