package eventlog

import (
	"context"
	"math"
	"strconv"
	"time"

	"parley"
	"parley/internal/store"
)

// Search asks for a page of the log.
type Search struct {
	Filter
	After       int64 // only events after this sequence
	Since       *time.Time
	Until       *time.Time // before it
	NewestFirst bool
	Cursor      string // the next of the page before
	Limit       int    // 1 to 200
}

// Search gives a page of the events that a filter lets through, and the cursor of the
// page that follows; "" after the last. It goes through the log stretch by stretch, and
// no further in one page than so many events: an index by type would cost every write.
// So a page may have fewer events than it could, or none, and still a cursor, with which
// the search goes on. If the log no longer keeps what follows After, that is a Gone error.
func (l *Log) Search(ctx context.Context, org parley.OrganizationID, s Search) (events []*parley.Event, next string, err error) {
	from, start := s.After, s.After
	if s.Since != nil {
		before, err := l.Before(ctx, org, *s.Since)
		if err != nil {
			return nil, "", err
		}
		start = max(start, before)
	}
	list := store.ListName("events", org, s.Filter, s.NewestFirst)
	until := int64(math.MaxInt64)
	if s.Until != nil {
		before, err := l.Before(ctx, org, *s.Until)
		if err != nil {
			return nil, "", err
		}
		until = before + 1
	}
	if s.Cursor != "" {
		seq, err := store.DecodeSequence(list, s.Cursor)
		if err != nil {
			return nil, "", err
		}
		if s.NewestFirst {
			until = min(until, seq)
		} else {
			from, start = max(from, seq), max(start, seq)
		}
	}
	w := walk{log: l, org: org, rows: s.rows(), all: s.everything(), newestFirst: s.NewestFirst, limit: s.Limit}
	events, reached, err := w.read(ctx, start, until)
	if err == nil && (len(events) == 0 || events[0].Sequence > from+1) {
		err = l.Reaches(ctx, org, from) // after the query: what was deleted meanwhile is noticed
	}
	if err != nil || reached == 0 {
		return events, "", err
	}
	return events, store.EncodeCursor(list, strconv.FormatInt(reached, 10)), nil
}

// walk goes through the log for events that rows let through.
type walk struct {
	log         *Log
	org         parley.OrganizationID
	rows        store.Filter
	all         bool // they let everything through
	newestFirst bool
	limit       int
}

// read gives events, of those after one place and before another, and the place after
// which the next page has to go on; 0: there is none.
func (w walk) read(ctx context.Context, after, before int64) (events []*parley.Event, reached int64, err error) {
	if w.all {
		return w.page(w.between(ctx, after, before, w.limit+1))
	}
	first, err := w.log.Oldest(ctx, w.org)
	if err != nil {
		return nil, 0, err
	}
	head, err := w.log.Head(ctx, w.org)
	if err != nil {
		return nil, 0, err
	}
	low, high := max(after, first-1), min(before, head+1)
	begun := time.Now()
	for read := store.SearchStretch; low+1 < high; read += store.SearchStretch {
		from, until := low, min(high, low+1+store.SearchStretch)
		if w.newestFirst {
			from, until = max(low, high-1-store.SearchStretch), high
		}
		found, err := w.between(ctx, from, until, w.limit+1-len(events))
		if events = append(events, found...); err != nil || len(events) > w.limit {
			return w.page(events, err)
		}
		if w.newestFirst {
			high, reached = from+1, from+1
		} else {
			low, reached = until-1, until-1
		}
		if (read >= store.SearchMost || time.Since(begun) > store.SearchLong) && low+1 < high {
			return events, reached, nil
		}
	}
	return events, 0, nil
}

func (w walk) between(ctx context.Context, after, before int64, limit int) ([]*parley.Event, error) {
	rows := w.rows
	rows.And("seq > ? and seq < ?", after, before)
	return w.log.Query(ctx, w.org, rows, w.newestFirst, limit)
}

// page takes off the one event more that tells that there is another page.
func (w walk) page(events []*parley.Event, err error) ([]*parley.Event, int64, error) {
	if err != nil || len(events) <= w.limit {
		return events, 0, err
	}
	events = events[:w.limit]
	return events, events[w.limit-1].Sequence, nil
}
