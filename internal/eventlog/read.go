package eventlog

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"time"

	"parley"
	"parley/internal/database"
	"parley/internal/store"
)

// Read gives the events after a place, in order, at most limit (1 to 1,000). An
// empty answer means that there were none. Where events are no longer kept the next
// one that is comes first: [Gap] tells. The events are shared: do not change them.
func (l *Log) Read(ctx context.Context, org parley.OrganizationID, after int64, limit int) ([]*parley.Event, error) {
	t := l.tails.of(org)
	if events, known := t.after(after, limit); known {
		return events, nil
	}
	events, err := l.Query(ctx, org, store.Where("seq > ?", after), false, limit)
	if err != nil {
		return nil, err
	}
	if n := len(events); n > 0 && n < limit && l.tails.fill(org, events...) { // up to the head: worth keeping
		l.tell(org, events[n-1].Sequence)
	}
	return events, nil
}

// Query gives the events that a filter on the table's columns lets through, in
// order of sequence or newest first, at most limit.
func (l *Log) Query(ctx context.Context, org parley.OrganizationID, f store.Filter, newestFirst bool, limit int) (_ []*parley.Event, err error) {
	return query(ctx, l.db.Read(), org, f, newestFirst, limit)
}

func query(ctx context.Context, q database.Querier, org parley.OrganizationID, f store.Filter, newestFirst bool, limit int) (_ []*parley.Event, err error) {
	order := " order by seq"
	if newestFirst {
		order = " order by seq desc"
	}
	where, args := f.SQL(org)
	rows, err := q.Query(ctx, fmt.Sprintf(`
		select seq, id, type, inbox_id, key, actor_type, actor_id, cause, created_at, data
		from events%s%s limit %d`, where, order, limit), args...)
	if err != nil {
		return nil, fmt.Errorf("read events: %w", err)
	}
	defer rows.Close()
	events := make([]*parley.Event, 0, min(limit, 256))
	for rows.Next() {
		e, err := scan(rows, org)
		if err != nil {
			return nil, fmt.Errorf("read events: %w", err)
		}
		events = append(events, e)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read events: %w", err)
	}
	return events, nil
}

func scan(row interface{ Scan(...any) error }, org parley.OrganizationID) (*parley.Event, error) {
	e := &parley.Event{Organization: org}
	var cause sql.NullString
	var data string
	err := row.Scan(&e.Sequence, &e.ID, &e.Type, &e.Inbox, &e.Key, &e.Actor.Type, &e.Actor.ID, &cause, &e.CreatedAt, &data)
	if err != nil {
		return nil, err
	}
	if cause.Valid {
		if err := json.Unmarshal([]byte(cause.String), &e.Cause); err != nil {
			return nil, fmt.Errorf("decode cause of %s: %w", e.ID, err)
		}
	}
	e.Data = []byte(data)
	return e.Seal(), nil
}

// Get finds one event; absent, or another organization's, it is a NotFound error.
func (l *Log) Get(ctx context.Context, org parley.OrganizationID, id parley.EventID) (*parley.Event, error) {
	events, err := l.Query(ctx, org, store.Where("seq = ? and id = ?", id.Sequence(), string(id)), false, 1)
	if err != nil {
		return nil, err
	}
	if len(events) == 0 {
		return nil, parley.Missing("event", id)
	}
	return events[0], nil
}

// At finds the event at a place; absent, it is a NotFound error.
func (l *Log) At(ctx context.Context, org parley.OrganizationID, seq int64) (*parley.Event, error) {
	events, err := l.Read(ctx, org, seq-1, 1)
	if err != nil {
		return nil, err
	}
	if len(events) == 0 || events[0].Sequence != seq {
		return nil, parley.Errorf(parley.NotFound, "There is no event at sequence %d.", seq)
	}
	return events[0], nil
}

// Before is the place of the last event that is older than a time, if none is that
// before the oldest event: reading after it starts with the first event at or after
// that time that the log keeps.
func (l *Log) Before(ctx context.Context, org parley.OrganizationID, at time.Time) (int64, error) {
	head, err := l.Head(ctx, org)
	if err != nil {
		return 0, err
	}
	oldest, err := l.Oldest(ctx, org)
	if err != nil {
		return 0, err
	}
	// Sequences are ordered by time but for the skew of several nodes' clocks, so
	// the place is found by halving.
	low, high := max(0, oldest-1), head
	for low < high {
		middle := (low + high + 1) / 2
		created, err := l.createdAt(ctx, org, middle)
		if err != nil {
			return 0, err
		}
		if created < parley.At(at) {
			low = middle
		} else {
			high = middle - 1
		}
	}
	return low, nil
}

func (l *Log) createdAt(ctx context.Context, org parley.OrganizationID, seq int64) (at parley.Time, err error) {
	err = l.db.Read().QueryRow(ctx, `
		select created_at from events
		where org_id = $1 and seq >= $2 order by seq limit 1`, string(org), seq).Scan(&at)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("read event time: %w", err)
	}
	return at, nil
}

// Tail gives every event after a place and then waits for more, until ctx ends. If
// the database cannot be read, the last pair it gives carries the error.
func (l *Log) Tail(ctx context.Context, org parley.OrganizationID, after int64) iter.Seq2[*parley.Event, error] {
	return func(yield func(*parley.Event, error) bool) {
		for {
			erased := l.Erased(org)
			events, err := l.Wait(ctx, org, after, 256)
			if ctx.Err() != nil {
				return
			}
			if err != nil {
				yield(nil, err)
				return
			}
			for _, e := range events {
				if l.Erased(org) != erased {
					break // they may not be any more as they were read
				}
				if !yield(e, nil) {
					return
				}
				after = e.Sequence
			}
		}
	}
}

// Wait is Read that waits until there is at least one event or ctx ends.
func (l *Log) Wait(ctx context.Context, org parley.OrganizationID, after int64, limit int) ([]*parley.Event, error) {
	for {
		moved := l.tails.of(org).moved(after)
		events, err := l.Read(ctx, org, after, limit)
		if err != nil || len(events) > 0 {
			return events, err
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}
