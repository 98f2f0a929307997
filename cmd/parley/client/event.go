package client

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley"
)

// Event is an event of the log.
type Event struct {
	ID        parley.EventID             `json:"id"`
	Type      string                     `json:"type"`
	Sequence  int64                      `json:"sequence"`
	Timestamp parley.Time                `json:"timestamp"`
	Actor     parley.Actor               `json:"actor"`
	Data      map[string]json.RawMessage `json:"data"`

	JSON []byte `json:"-"` // the envelope, byte by byte as it came
}

func readEvent(envelope []byte) (Event, error) {
	e := Event{JSON: envelope}
	if err := json.Unmarshal(envelope, &e); err != nil {
		return e, fmt.Errorf("read an event: %w", err)
	}
	return e, nil
}

// Subject is the id of the object that the event is about, "" if it names none.
func (e Event) Subject() string {
	noun, _, _ := strings.Cut(e.Type, ".")
	var object struct {
		ID string `json:"id"`
	}
	if json.Unmarshal(e.Data[noun], &object) != nil {
		return ""
	}
	return object.ID
}

// Filter says which events of the log are wanted.
type Filter struct {
	Types string     // separated by commas; empty: all
	After int64      // only those after this place
	Since *time.Time // only those at or after this time
}

func (f Filter) query() url.Values {
	q := url.Values{}
	if f.Types != "" {
		q.Set("types", f.Types)
	}
	if f.After > 0 {
		q.Set("after", strconv.FormatInt(f.After, 10))
	}
	if f.Since != nil {
		q.Set("since", f.Since.UTC().Format(time.RFC3339Nano))
	}
	return q
}

// largestPage is how many events the server gives at once.
const largestPage = 200

// Newest gives the newest events that a filter lets through, at most n, the oldest
// of them first.
func (c *Client) Newest(ctx context.Context, f Filter, n int) ([]Event, error) {
	q := f.query()
	q.Set("order", "desc")
	events, err := c.list(ctx, q, n)
	slices.Reverse(events)
	return events, err
}

// Oldest gives the oldest events that a filter lets through, at most n.
func (c *Client) Oldest(ctx context.Context, f Filter, n int) ([]Event, error) {
	return c.list(ctx, f.query(), n)
}

func (c *Client) list(ctx context.Context, q url.Values, n int) ([]Event, error) {
	var events []Event
	for len(events) < n {
		q.Set("limit", strconv.Itoa(min(n-len(events), largestPage)))
		var page struct {
			Data       []json.RawMessage `json:"data"`
			NextCursor string            `json:"next_cursor"`
		}
		if err := c.Do(ctx, http.MethodGet, "/v1/events?"+q.Encode(), nil, &page); err != nil {
			return events, err
		}
		for _, envelope := range page.Data {
			e, err := readEvent(envelope)
			if err != nil {
				return events, err
			}
			events = append(events, e)
		}
		if page.NextCursor == "" {
			break
		}
		q.Set("cursor", page.NextCursor)
	}
	return events, nil
}

// Head is the place of the newest event, 0 if there is none.
func (c *Client) Head(ctx context.Context) (int64, error) {
	events, err := c.Newest(ctx, Filter{}, 1)
	if err != nil || len(events) == 0 {
		return 0, err
	}
	return events[0].Sequence, nil
}

// PlaceBefore is the place after which the first event at or after a time stands:
// the head, if there is none yet.
func (c *Client) PlaceBefore(ctx context.Context, at time.Time) (int64, error) {
	head, err := c.Head(ctx)
	if err != nil {
		return 0, err
	}
	events, err := c.Oldest(ctx, Filter{Since: &at}, 1)
	if err != nil || len(events) == 0 {
		return head, err
	}
	return events[0].Sequence - 1, nil
}
