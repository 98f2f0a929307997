package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"parley"
	"parley/internal/database"
)

// Subject reads a conversation and its contact, as two calls of [Table.Get] do. Every
// message needs both, so if both are kept they are asked after in one statement.
func Subject(ctx context.Context, q database.Querier, org parley.OrganizationID, id parley.ConversationID) (conv parley.Conversation, contact parley.Contact, err error) {
	if c := Conversations.recall(q, org, string(id)); c != nil {
		k := Contacts.recall(q, org, string(c.obj.ContactID))
		same, err := subjectIs(ctx, q, org, c, k)
		if err != nil {
			return conv, contact, err
		}
		if same {
			return Conversations.own(q, c.obj), Contacts.own(q, k.obj), nil
		}
	}
	if conv, err = Conversations.Get(ctx, q, org, string(id)); err != nil {
		return conv, contact, err
	}
	contact, err = Contacts.Get(ctx, q, org, string(conv.ContactID))
	return conv, contact, err
}

// subjectIs tells whether a conversation and its contact are as they are kept.
func subjectIs(ctx context.Context, q database.Querier, org parley.OrganizationID, conv *row[parley.Conversation], contact *row[parley.Contact]) (bool, error) {
	if contact == nil {
		return false, nil
	}
	var convAt, contactAt int64
	err := q.QueryRow(ctx, `
		select c.seq, k.seq from conversations c
		join contacts k on k.org_id = c.org_id and k.id = c.contact_id
		where c.org_id = $1 and c.id = $2`, string(org), string(conv.obj.ID)).Scan(&convAt, &contactAt)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("get conversation: %w", err)
	}
	return convAt == conv.seq && contactAt == contact.seq, nil
}
