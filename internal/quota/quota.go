// Package quota keeps an organization within what its operator lets it have: events in
// a day, objects, and storage. What is counted stands in the organization's row and is
// counted in the transaction of the change, so it is exact, on every node, and costs no
// query. What Parley itself does is counted and never refused: no acknowledged event is
// lost to a quota.
package quota

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"parley"
	"parley/internal/database"
)

// Limits are how much an organization may have. 0 is no limit.
type Limits struct {
	EventsPerDay int64 // a day begins at midnight in UTC
	Objects      int64
	Storage      int64 // in bytes
}

// Overrides are what an organization may have other than the server's limits; nil is
// as much as those say.
type Overrides struct {
	EventsPerDay *int64
	Objects      *int64
	Storage      *int64
}

// Quotas are the quotas of all organizations in a database.
type Quotas struct {
	db    *database.DB
	usual Limits
}

// New makes the quotas of a database. Without [Quotas.Limit] there is no limit but
// those of organizations that have their own.
func New(db *database.DB) *Quotas { return &Quotas{db: db} }

// Limit sets the limits of organizations that have none of their own; it must be called
// before the quotas are in use.
func (q *Quotas) Limit(usual Limits) { q.usual = usual }

// The names of the quotas, as errors tell them.
const (
	EventsPerDay = "events_per_day"
	Objects      = "objects"
	Storage      = "storage"
)

// Check refuses what a transaction has done so far if it goes beyond a quota: an event
// more than a day may have (TooMany, until the next day), or an object more (Conflict).
// It is called for each event that is appended.
func (q *Quotas) Check(ctx context.Context, tx *database.Tx, by parley.Caller) error {
	if by.Actor.Type == parley.ActorSystem {
		return nil
	}
	now, began, most, err := tx.Tally(ctx)
	if err != nil {
		return err
	}
	if limit := either(most.Events, q.usual.EventsPerDay); limit > 0 && now.EventsToday() > limit {
		e := exceeded(parley.TooMany, EventsPerDay, limit, limit,
			"The organization has had %d events today, which is all that it may have in a day. Go on tomorrow (UTC), when Retry-After has passed, or ask whoever runs the server for more.", limit)
		e.RetryAfter = time.Until(tomorrow())
		return e
	}
	if limit := either(most.Objects, q.usual.Objects); limit > 0 && now.Objects > limit && now.Objects > began.Objects {
		return exceeded(parley.Conflict, Objects, limit, began.Objects,
			"The organization has %d objects and may have %d. Delete some first, or ask whoever runs the server for more.", began.Objects, limit)
	}
	return nil
}

// Charge counts bytes that are kept for an organization beside its objects, such as
// those of an attachment, or with a negative number that they are no longer kept. It is
// part of the transaction that keeps them. More than the organization may have is a
// Conflict error.
func (q *Quotas) Charge(ctx context.Context, tx *database.Tx, by parley.Caller, bytes int64) error {
	tx.Count(0, bytes)
	now, _, most, err := tx.Tally(ctx)
	limit := either(most.Storage, q.usual.Storage)
	if err != nil || bytes <= 0 || by.Actor.Type == parley.ActorSystem || limit == 0 || now.Storage <= limit {
		return err
	}
	used := now.Storage - bytes
	return exceeded(parley.Conflict, Storage, limit, used,
		"The organization keeps %d bytes and may keep %d, which leaves no room for %d more. Delete some files first, or ask whoever runs the server for more.", used, limit, bytes)
}

func exceeded(kind parley.Kind, name string, limit, used int64, format string, args ...any) *parley.Error {
	e := parley.Errorf(kind, format, args...)
	e.Quota = &parley.Quota{Name: name, Limit: limit, Used: used}
	return e
}

// either is the organization's own limit if it has one.
func either(own sql.NullInt64, usual int64) int64 {
	if own.Valid {
		return own.Int64
	}
	return usual
}

// tomorrow is when the next day begins.
func tomorrow() time.Time { return time.Now().UTC().Truncate(24 * time.Hour).Add(24 * time.Hour) }

// Usage is what an organization has of what it may have.
type Usage struct {
	EventsPerDay DayUsage `json:"events_per_day" doc:"Events since midnight in UTC, those that Parley itself makes included, which are never refused"`
	Objects      Use      `json:"objects" doc:"Users, inboxes, contacts, conversations, messages and so on: all that has an id, but for events and what is part of something else"`
	Storage      Use      `json:"storage" doc:"Bytes of attachments"`
}

// Use is how much there is of one thing.
type Use struct {
	Limit *int64 `json:"limit" doc:"How much there may be; null: as much as you like"`
	Used  int64  `json:"used" doc:"How much there is"`
}

// DayUsage is a Use that begins anew every day.
type DayUsage struct {
	Use
	ResetsAt parley.Time `json:"resets_at" doc:"When used is 0 again"`
}

// Usage tells what an organization has. One that is not there is a NotFound error.
func (q *Quotas) Usage(ctx context.Context, org parley.OrganizationID) (u Usage, err error) {
	var objects, storage, day, events int64
	var most database.Most
	err = q.db.Read().QueryRow(ctx, `
		select last_seq - day_seq, objects, storage, day, most_events, most_objects, most_storage
		from organizations
		where id = $1`, string(org)).Scan(&events, &objects, &storage, &day, &most.Events, &most.Objects, &most.Storage)
	if errors.Is(err, sql.ErrNoRows) {
		return u, parley.Missing("organization", org)
	}
	if err != nil {
		return u, fmt.Errorf("read usage: %w", err)
	}
	if day < database.Day(time.Now()) {
		events = 0
	}
	u.EventsPerDay = DayUsage{use(either(most.Events, q.usual.EventsPerDay), events), parley.At(tomorrow())}
	u.Objects, u.Storage = use(either(most.Objects, q.usual.Objects), objects), use(either(most.Storage, q.usual.Storage), storage)
	return u, nil
}

func use(limit, used int64) Use {
	if limit == 0 {
		return Use{Used: used}
	}
	return Use{&limit, used}
}

// Override sets what an organization may have other than the server's limits. It takes
// effect with the next change, on every node.
func (q *Quotas) Override(ctx context.Context, org parley.OrganizationID, o Overrides) error {
	return q.db.Write(ctx, org, func(ctx context.Context, tx *database.Tx) error {
		done, err := tx.Exec(ctx, "update organizations set most_events = $2, most_objects = $3, most_storage = $4 where id = $1",
			string(org), o.EventsPerDay, o.Objects, o.Storage)
		if err != nil {
			return fmt.Errorf("set quotas: %w", err)
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return parley.Missing("organization", org)
		}
		return nil
	})
}

// Overrides reads what an organization may have other than the server's limits.
func (q *Quotas) Overrides(ctx context.Context, org parley.OrganizationID) (o Overrides, err error) {
	err = q.db.Read().QueryRow(ctx, "select most_events, most_objects, most_storage from organizations where id = $1", string(org)).
		Scan(&o.EventsPerDay, &o.Objects, &o.Storage)
	if errors.Is(err, sql.ErrNoRows) {
		return o, parley.Missing("organization", org)
	}
	if err != nil {
		return o, fmt.Errorf("read quotas: %w", err)
	}
	return o, nil
}
