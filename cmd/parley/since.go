package main

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"parley/cmd/parley/client"
)

// since is a place in the log as a person names it: a sequence, a time, or how long
// ago. The event that stands there is meant too.
type since struct {
	given    bool
	sequence int64
	at       *time.Time
}

// UnmarshalText reads what was given on the command line.
func (s *since) UnmarshalText(b []byte) error {
	text := string(b)
	if text == "" {
		return nil
	}
	s.given = true
	if n, err := strconv.ParseInt(text, 10, 64); err == nil && n >= 0 {
		s.sequence = n
		return nil
	}
	if ago, err := time.ParseDuration(text); err == nil && ago > 0 {
		at := time.Now().Add(-ago)
		s.at = &at
		return nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return fmt.Errorf("%q is neither a sequence like 4711, nor a time like 2026-11-20T10:30:00Z, nor a span like 15m", text)
	}
	s.at = &at
	return nil
}

// filter narrows a list of events to those from the place on.
func (s since) filter(types string) client.Filter {
	return client.Filter{Types: types, After: max(0, s.sequence-1), Since: s.at}
}

// after is the sequence before the place; not given, it is the head: only what
// happens from now on is meant.
func (s since) after(ctx context.Context, c *client.Client) (int64, error) {
	switch {
	case !s.given:
		return c.Head(ctx)
	case s.at != nil:
		return c.PlaceBefore(ctx, *s.at)
	}
	return max(0, s.sequence-1), nil
}
