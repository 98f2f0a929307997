package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"parley/internal/mirror"
)

// Source is the server as a mirror asks it: again and again, until it answers.
type Source struct {
	Client *Client
	// Broken is told why something failed, and when it is tried again.
	Broken func(cause error, again time.Duration)
}

// Get implements [mirror.Source].
func (s Source) Get(ctx context.Context, path string, into any) error {
	err := Retry{Broken: s.Broken}.Do(ctx, func() error { return s.Client.Do(ctx, http.MethodGet, path, nil, into) })
	var p *Problem
	if errors.As(err, &p) && (p.Status == http.StatusNotFound || p.Status == http.StatusGone) {
		return fmt.Errorf("%w: %w", mirror.ErrNotThere, err)
	}
	return err
}

// Follow implements [mirror.Source].
func (s Source) Follow(ctx context.Context, after int64, handle func(mirror.Event) error, missed func(first, last int64)) error {
	f := Following{After: after, Broken: s.Broken, Missed: missed}
	return s.Client.Follow(ctx, f, func(e Event) error {
		return handle(mirror.Event{ID: string(e.ID), Type: e.Type, Sequence: e.Sequence, Data: e.Data, JSON: e.JSON})
	})
}
