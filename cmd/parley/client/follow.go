package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// silence is how long a stream may say nothing before it is taken for broken; the
// server says something every 15 seconds.
const silence = 45 * time.Second

// Following says which events to follow.
type Following struct {
	Types string // separated by commas; empty: all
	After int64  // the place after which to begin

	// Broken is told why the stream broke and when it is opened again.
	Broken func(cause error, again time.Duration)
	// Missed is told of events, from first to last, that the server no longer keeps;
	// those that follow come all the same.
	Missed func(first, last int64)
}

// Follow calls handle with every event, in order and once each, until ctx ends,
// which is no error, or handle fails. A stream that breaks is opened again where it
// broke, with pauses that grow; only an answer that will not change ends it.
func (c *Client) Follow(ctx context.Context, f Following, handle func(Event) error) error {
	at := &reader{Client: c, following: f, place: f.After, handle: handle}
	again := Retry{Broken: f.Broken}
	for {
		before := at.place
		err := at.read(ctx)
		var stop *handlerError
		if errors.As(err, &stop) && ctx.Err() == nil {
			return stop.err
		}
		if at.place > before {
			again.restart()
		}
		if err := again.wait(ctx, err); ctx.Err() != nil {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// handlerError is an error of the handler, which ends the following.
type handlerError struct{ err error }

func (h *handlerError) Error() string { return h.err.Error() }

// reader is a follower and how far it has come.
type reader struct {
	*Client
	following Following
	place     int64
	handle    func(Event) error
}

// read opens the stream at the reader's place and handles events until it breaks.
func (r *reader) read(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	q := url.Values{}
	if r.following.Types != "" {
		q.Set("types", r.following.Types)
	}
	request, err := r.request(ctx, http.MethodGet, "/v1/events/stream?"+q.Encode(), nil)
	if err != nil {
		return err
	}
	request.Header.Set("Accept", "text/event-stream")
	request.Header.Set("Last-Event-ID", strconv.FormatInt(r.place, 10))
	watch := time.AfterFunc(silence, func() { cancel(fmt.Errorf("the stream was silent for %v", silence)) })
	defer watch.Stop()

	answer, err := r.send(request)
	if err != nil {
		return because(ctx, err)
	}
	defer answer.Body.Close()
	err = frames(answer.Body, func() { watch.Reset(silence) }, func(event string, data []byte) error {
		watch.Stop() // handling takes the time it takes
		defer watch.Reset(silence)
		if event == "gap" {
			return r.pass(data)
		}
		return r.take(data)
	})
	return because(ctx, err)
}

// take handles one event and moves the place beyond it.
func (r *reader) take(envelope []byte) error {
	e, err := readEvent(envelope)
	if err != nil {
		return err
	}
	if e.Sequence <= r.place {
		return nil
	}
	if err := r.handle(e); err != nil {
		return &handlerError{err}
	}
	r.place = e.Sequence
	return nil
}

// pass moves the place beyond events that the server no longer keeps.
func (r *reader) pass(data []byte) error {
	var gap struct{ First, Last int64 }
	if err := json.Unmarshal(data, &gap); err != nil {
		return fmt.Errorf("read what was missed: %w", err)
	}
	if gap.Last <= r.place {
		return nil
	}
	if r.following.Missed != nil {
		r.following.Missed(gap.First, gap.Last)
	}
	r.place = gap.Last
	return nil
}

// because is the reason why the context was cancelled, if it was, else err.
func because(ctx context.Context, err error) error {
	var stop *handlerError
	if cause := context.Cause(ctx); cause != nil && !errors.As(err, &stop) {
		return cause
	}
	return err
}
