package database

import (
	"context"
	"database/sql"
	"time"
)

// Tally is what an organization's row counts.
type Tally struct {
	Sequence    int64 // of its last event
	Objects     int64
	Storage     int64 // in bytes
	Day         int64 // days since 1970, of its last event
	DaySequence int64 // of the last event before that day
}

// EventsToday is how many events there were on the day of the last one.
func (t Tally) EventsToday() int64 { return t.Sequence - t.DaySequence }

// Most is how much an organization may have that its row says so of. 0 is no limit.
type Most struct {
	Events  sql.NullInt64 // in a day
	Objects sql.NullInt64
	Storage sql.NullInt64 // in bytes
}

const tallyColumns = "last_seq, objects, storage, day, day_seq, most_events, most_objects, most_storage"

// columns are where a row's tally and most are scanned to.
func (h *head) columns() []any {
	return []any{
		&h.stored.Sequence, &h.stored.Objects, &h.stored.Storage, &h.stored.Day, &h.stored.DaySequence,
		&h.most.Events, &h.most.Objects, &h.most.Storage,
	}
}

// next takes the next place in the log. A day begins with its first event.
func (h *head) next() int64 {
	if today := Day(time.Now()); today > h.tally.Day {
		h.tally.Day, h.tally.DaySequence = today, h.tally.Sequence
	}
	h.tally.Sequence++
	return h.tally.Sequence
}

// Day is the number of a time's day in UTC, counted from 1970.
func Day(at time.Time) int64 { return at.Unix() / (24 * 60 * 60) }

// Count adds to what the organization has: objects, and bytes of storage. It is taken
// back if the function fails. In a Record, which has no organization, it does nothing.
func (tx *Tx) Count(objects, storage int64) {
	if tx.head == nil {
		return
	}
	h, err := tx.readableHead()
	if err != nil {
		return // the function has failed already
	}
	h.tally.Objects += objects
	h.tally.Storage += storage
}

// Tally tells what the organization has now, what it had when the function began, and
// how much it may have.
func (tx *Tx) Tally(context.Context) (now, began Tally, most Most, err error) {
	h, err := tx.readableHead()
	if err != nil {
		return Tally{}, Tally{}, Most{}, err
	}
	if !tx.knew {
		return h.tally, h.stored, h.most, nil
	}
	return h.tally, tx.before, h.most, nil
}
