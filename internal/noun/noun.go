// Package noun gives a simple noun its verbs: create, get, list, update and delete,
// each one transaction that holds the changed row and its event. A noun is declared
// once, as a [Noun]; its struct in package parley says the rest.
package noun

import (
	"context"

	"parley"
	"parley/internal/database"
	"parley/internal/eventlog"
	"parley/internal/store"
)

// Noun declares a noun: objects T whose events carry data D.
type Noun[T, D any] struct {
	DB    *database.DB
	Log   *eventlog.Log
	Table *store.Table[T]

	// The events of its changes, and their data.
	Created parley.EventType[D]
	Updated parley.EventType[D]
	Deleted parley.EventType[D]
	Data    func(obj T, previous parley.Previous) D

	// Beside completes an event's data with what stands beside the object; nil: nothing
	// does.
	Beside func(ctx context.Context, tx *database.Tx, org parley.OrganizationID, obj *T, data *D) error

	// Inbox tells which inbox an object belongs to; nil: to none, unless it is about a
	// conversation.
	Inbox func(obj *T) parley.InboxID

	// Conversation tells which conversation an object is about, if any: its events
	// belong to the inbox of that. nil: it is about none.
	Conversation func(ctx context.Context, tx *database.Tx, org parley.OrganizationID, obj *T) (*parley.ConversationID, error)

	// Check refuses an object that is not fit to be kept: what it refers to must
	// exist, what is unique must be. before is nil when the object is new. It may
	// complete after. Writes of one organization never run side by side, so what
	// it reads in tx still holds when the object is written.
	Check func(ctx context.Context, tx *database.Tx, by parley.Caller, before, after *T) error

	// Index keeps what is derived from an object in other tables; nil: nothing is.
	// before is nil when the object is new, after when it is gone.
	Index func(ctx context.Context, tx *database.Tx, org parley.OrganizationID, before, after *T)

	// Deleting does what has to come before an object goes, or refuses it.
	Deleting func(ctx context.Context, tx *database.Tx, by parley.Caller, obj *T) error
}

// About is a [Noun]'s Conversation that a field of the object names.
func About[T any](field func(*T) *parley.ConversationID) func(context.Context, *database.Tx, parley.OrganizationID, *T) (*parley.ConversationID, error) {
	return func(_ context.Context, _ *database.Tx, _ parley.OrganizationID, obj *T) (*parley.ConversationID, error) {
		return field(obj), nil
	}
}

// Create adds an object. What is not the caller's to say (its id, times and
// sequence) is set here.
func (n *Noun[T, D]) Create(ctx context.Context, by parley.Caller, obj T) (T, error) {
	var made T
	err := n.DB.Write(ctx, by.Organization, func(ctx context.Context, tx *database.Tx) error {
		made = n.Table.Clone(&obj)
		if n.Check != nil {
			if err := n.Check(ctx, tx, by, nil, &made); err != nil {
				return err
			}
		}
		at, err := n.Log.Next(ctx, tx)
		if err != nil {
			return err
		}
		n.Table.Stamp(&made, at.Sequence, at.At)
		n.Table.Insert(ctx, tx, by.Organization, &made)
		n.index(ctx, tx, by, nil, &made)
		return n.append(ctx, tx, by, at, n.Created, nil, &made, nil)
	})
	return made, err
}

// Get reads an object.
func (n *Noun[T, D]) Get(ctx context.Context, org parley.OrganizationID, id string) (T, error) {
	return n.Table.Get(ctx, n.DB.Read(), org, id)
}

// List reads a page of objects.
func (n *Noun[T, D]) List(ctx context.Context, org parley.OrganizationID, p store.Page, f store.Filter) ([]T, string, error) {
	return n.Table.List(ctx, n.DB.Read(), org, p, f)
}

// AnyVersion is for callers of Update that name no version.
const AnyVersion int64 = -1

// Update lets change alter an object; version is the sequence that the caller
// believes it to be at, or AnyVersion. A change that alters nothing is no error and
// makes no event.
func (n *Noun[T, D]) Update(ctx context.Context, by parley.Caller, id string, version int64, change func(*T) error) (T, error) {
	return n.UpdateAs(ctx, by, id, version, n.Updated, change)
}

// UpdateAs is Update for a change that has an event of its own.
func (n *Noun[T, D]) UpdateAs(ctx context.Context, by parley.Caller, id string, version int64, event parley.EventType[D], change func(*T) error) (T, error) {
	var after T
	err := n.DB.Write(ctx, by.Organization, func(ctx context.Context, tx *database.Tx) error {
		before, err := n.Table.Get(ctx, tx, by.Organization, id)
		if err != nil {
			return err
		}
		if err := CheckVersion(version, n.Table.Sequence(&before)); err != nil {
			return err
		}
		after, err = n.update(ctx, tx, by, &before, event, change)
		return err
	})
	return after, err
}

// update alters an object as it is in a transaction.
func (n *Noun[T, D]) update(ctx context.Context, tx *database.Tx, by parley.Caller, before *T, event parley.EventType[D], change func(*T) error) (after T, err error) {
	after = n.Table.Clone(before)
	if err := change(&after); err != nil {
		return after, err
	}
	if n.Check != nil {
		if err := n.Check(ctx, tx, by, before, &after); err != nil {
			return after, err
		}
	}
	previous := n.Table.Changed(before, &after)
	if previous == nil {
		return after, nil
	}
	at, err := n.Log.Next(ctx, tx)
	if err != nil {
		return after, err
	}
	n.Table.Touch(&after, at.Sequence, at.At)
	n.Table.Update(ctx, tx, by.Organization, before, &after)
	n.index(ctx, tx, by, before, &after)
	return after, n.append(ctx, tx, by, at, event, before, &after, previous)
}

// UpdateEach lets change alter every object that a filter lets through, each with its
// own event, in a transaction of the caller's. How many there are is for the caller
// to bound.
func (n *Noun[T, D]) UpdateEach(ctx context.Context, tx *database.Tx, by parley.Caller, f store.Filter, change func(*T) error) error {
	return n.Table.Each(ctx, tx, by.Organization, f, func(obj *T) error {
		_, err := n.update(ctx, tx, by, obj, n.Updated, change)
		return err
	})
}

// Delete removes an object.
func (n *Noun[T, D]) Delete(ctx context.Context, by parley.Caller, id string) error {
	return n.DB.Write(ctx, by.Organization, func(ctx context.Context, tx *database.Tx) error {
		obj, err := n.Table.Get(ctx, tx, by.Organization, id)
		if err != nil {
			return err
		}
		if n.Deleting != nil {
			if err := n.Deleting(ctx, tx, by, &obj); err != nil {
				return err
			}
		}
		n.Table.Delete(ctx, tx, by.Organization, id)
		n.index(ctx, tx, by, &obj, nil)
		at, err := n.Log.Next(ctx, tx)
		if err != nil {
			return err
		}
		n.Table.Touch(&obj, at.Sequence, at.At)
		return n.append(ctx, tx, by, at, n.Deleted, nil, &obj, nil)
	})
}

func (n *Noun[T, D]) index(ctx context.Context, tx *database.Tx, by parley.Caller, before, after *T) {
	if n.Index != nil {
		n.Index(ctx, tx, by.Organization, before, after)
	}
}

func (n *Noun[T, D]) append(ctx context.Context, tx *database.Tx, by parley.Caller, at eventlog.Place, t parley.EventType[D], before, obj *T, previous parley.Previous) error {
	inbox, err := n.inbox(ctx, tx, by.Organization, before, obj)
	if err != nil {
		return err
	}
	data := n.Data(*obj, previous)
	if n.Beside != nil {
		if err := n.Beside(ctx, tx, by.Organization, obj, &data); err != nil {
			return err
		}
	}
	_, err = n.Log.Append(ctx, tx, by, at, t.Draft(n.Table.ID(obj), inbox, data))
	return err
}

// inbox tells which inbox an event of an object belongs to. One that is about a
// conversation no more leaves the inbox with this event, so that is told there.
func (n *Noun[T, D]) inbox(ctx context.Context, tx *database.Tx, org parley.OrganizationID, before, obj *T) (parley.InboxID, error) {
	if n.Inbox != nil {
		return n.Inbox(obj), nil
	}
	if n.Conversation == nil {
		return "", nil
	}
	id, err := n.Conversation(ctx, tx, org, obj)
	if id == nil && before != nil && err == nil {
		id, err = n.Conversation(ctx, tx, org, before)
	}
	if id == nil || err != nil {
		return "", err
	}
	return store.InboxOf(ctx, tx, org, *id)
}

// CheckVersion refuses a change to an object that is no longer as its caller knew it.
func CheckVersion(wanted, present int64) error {
	if wanted == AnyVersion || wanted == present {
		return nil
	}
	return parley.Errorf(parley.Stale, "The object has changed meanwhile: it is at version %d. Read it again and repeat your change.", present)
}
