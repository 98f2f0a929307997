package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"parley"
	"parley/internal/database"
)

// Refer reads an object that a request refers to at a location, such as
// "body.contact_id". One that is not there is an Invalid error of that field.
func (t *Table[T]) Refer(ctx context.Context, q database.Querier, org parley.OrganizationID, location, id string) (T, error) {
	obj, err := t.Get(ctx, q, org, id)
	if parley.KindOf(err) == parley.NotFound {
		return obj, parley.InvalidField(location, "names no %s of this organization", t.noun)
	}
	return obj, err
}

// Renewed tells whether a change makes a reference that was not there before.
func Renewed[I comparable](before, after *I) bool {
	return after != nil && (before == nil || *before != *after)
}

// InboxOf is the inbox of a conversation, "" if that is not there any more.
func InboxOf(ctx context.Context, q database.Querier, org parley.OrganizationID, id parley.ConversationID) (inbox parley.InboxID, err error) {
	err = q.QueryRow(ctx, "select inbox_id from conversations where org_id = $1 and id = $2", string(org), string(id)).Scan(&inbox)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("find the inbox of a conversation: %w", err)
	}
	return inbox, nil
}

// ContactShort is what events tell of a contact beside another object: nil if that
// has none, or one that was deleted.
func ContactShort(ctx context.Context, q database.Querier, org parley.OrganizationID, id *parley.ContactID) (*parley.ContactShort, error) {
	return short(ctx, q, org, Contacts, id, parley.Contact.Short)
}

// UserShort is what events tell of an agent beside another object, as ContactShort
// tells of a contact.
func UserShort(ctx context.Context, q database.Querier, org parley.OrganizationID, id *parley.UserID) (*parley.UserShort, error) {
	return short(ctx, q, org, Users, id, parley.User.Short)
}

// Agent is who acts, if that is an agent; nil if it is not, for which nothing is read.
func Agent(ctx context.Context, q database.Querier, by parley.Caller) (*parley.UserShort, error) {
	if by.Actor.Type != parley.ActorUser {
		return nil, nil
	}
	return UserShort(ctx, q, by.Organization, new(parley.UserID(by.Actor.ID)))
}

func short[T, S any, I ~string](ctx context.Context, q database.Querier, org parley.OrganizationID, t *Table[T], id *I, of func(T) S) (*S, error) {
	if id == nil {
		return nil, nil
	}
	obj, err := t.Get(ctx, q, org, string(*id))
	if parley.KindOf(err) == parley.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return new(of(obj)), nil
}
