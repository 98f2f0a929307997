package api

import (
	"context"
	"time"

	"parley"
	"parley/internal/eventlog"
	"parley/internal/store"
)

// eventSearch reads a page of the log. If not all events are wanted it goes through
// the log stretch by stretch, and like [store.Filter.Search] no further than so many
// events: an index by type would cost every write.
type eventSearch struct {
	log         *eventlog.Log
	org         parley.OrganizationID
	filter      store.Filter
	all         bool // the filter lets everything through
	newestFirst bool
	limit       int
}

// read gives the page's events, of those after one place and before another, and the
// place after which the next page has to go on; 0: there is none.
func (s eventSearch) read(ctx context.Context, after, before int64) (events []*parley.Event, reached int64, err error) {
	if s.all {
		return s.page(s.between(ctx, after, before, s.limit+1))
	}
	first, err := s.log.Oldest(ctx, s.org)
	if err != nil {
		return nil, 0, err
	}
	head, err := s.log.Head(ctx, s.org)
	if err != nil {
		return nil, 0, err
	}
	low, high := max(after, first-1), min(before, head+1)
	begun := time.Now()
	for read := store.SearchStretch; low+1 < high; read += store.SearchStretch {
		from, until := low, min(high, low+1+store.SearchStretch)
		if s.newestFirst {
			from, until = max(low, high-1-store.SearchStretch), high
		}
		found, err := s.between(ctx, from, until, s.limit+1-len(events))
		if events = append(events, found...); err != nil || len(events) > s.limit {
			return s.page(events, err)
		}
		if s.newestFirst {
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

func (s eventSearch) between(ctx context.Context, after, before int64, limit int) ([]*parley.Event, error) {
	f := s.filter
	f.And("seq > ? and seq < ?", after, before)
	return s.log.Query(ctx, s.org, f, s.newestFirst, limit)
}

// page takes off the one event more that tells that there is another page.
func (s eventSearch) page(events []*parley.Event, err error) ([]*parley.Event, int64, error) {
	if err != nil || len(events) <= s.limit {
		return events, 0, err
	}
	events = events[:s.limit]
	return events, events[s.limit-1].Sequence, nil
}
