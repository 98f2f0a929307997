package api

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"parley"
	"parley/internal/eventlog"
)

const (
	// streamBeat keeps proxies from closing a quiet stream, and finds clients that
	// have gone.
	streamBeat = 15 * time.Second
	// streamWrite is how long a client may take to accept a piece of the stream.
	streamWrite = 30 * time.Second
)

type streamParams struct {
	EventFilterParams
	After       place `query:"after" pattern:"^[0-9]{1,15}$" doc:"Start after this sequence; 0: with the oldest event that is kept; left out: with what happens from now on"`
	LastEventID place `header:"Last-Event-ID" pattern:"^[0-9]{1,15}$" doc:"The id of the last event received: a client that reconnects sends it, and misses nothing"`
}

func (a *API) eventStream() {
	stream(a, operation{
		ID: "stream-events", Method: http.MethodGet, Path: "/v1/events/stream", Tag: "Events", Scope: "events:read",
		Summary: "Follow the event log", Doc: "Server-sent events: `id` is the sequence, `event` the type, `data` the event.\n\n" +
			"Who comes back after so long that the log no longer keeps what follows is told which events it missed, by a frame " +
			"whose `event` is `gap` and whose `data` is `{\"first\":…,\"last\":…}`, their sequences. The stream goes on after them.",
	}, a.streamEvents)
}

func (a *API) streamEvents(ctx context.Context, c *call, in *streamParams, w http.ResponseWriter) error {
	org := c.Caller.Organization
	patterns, err := typeFilter(in.Types)
	if err != nil {
		return err
	}
	after, err := a.streamStart(ctx, org, in)
	if err != nil {
		return err
	}
	c.patience.lift()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		select {
		case <-a.stopped:
			cancel()
		case <-ctx.Done():
		}
	}()

	out := &eventWriter{w: w, flush: http.NewResponseController(w)}
	defer out.close()
	if err := out.open(); err != nil {
		return nil
	}
	for {
		wait, stop := context.WithTimeout(ctx, streamBeat)
		events, err := a.Log.Wait(wait, org, after, 256)
		quiet := wait.Err() != nil
		stop()
		if _, err := a.Account.Authenticate(ctx, c.token); err != nil {
			return nil // revoked or expired meanwhile
		}
		switch {
		case ctx.Err() != nil:
			return nil
		case quiet:
			err = out.comment()
		case err == nil:
			if first, last, missed := eventlog.Gap(after, events[0].Sequence); missed {
				out.gap(first, last)
			}
			after = events[len(events)-1].Sequence
			err = out.events(events, func(e *parley.Event) bool {
				return (len(patterns) == 0 || patterns.Match(e.Type)) && (in.InboxID == "" || string(e.Inbox) == in.InboxID)
			})
		}
		if err != nil {
			return nil // the client has gone, or is told to come back by the stream's end
		}
	}
}

func (a *API) streamStart(ctx context.Context, org parley.OrganizationID, in *streamParams) (int64, error) {
	for _, p := range []place{in.LastEventID, in.After} {
		if seq := p.sequence(); seq != nil {
			return *seq, nil
		}
	}
	return a.Log.Head(ctx, org)
}

// eventWriter writes server-sent events.
type eventWriter struct {
	w     http.ResponseWriter
	flush *http.ResponseController
	buf   []byte
}

func (o *eventWriter) open() error {
	h := o.w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // or nginx would hold events back
	o.w.WriteHeader(http.StatusOK)
	o.buf = append(o.buf, "retry: 1000\n\n"...)
	return o.send()
}

// close leaves the connection as it was: it may serve other requests.
func (o *eventWriter) close() { _ = o.flush.SetWriteDeadline(time.Time{}) }

func (o *eventWriter) comment() error {
	o.buf = append(o.buf, ":\n\n"...)
	return o.send()
}

// gap says which events the client has missed, before those that are sent next. Its
// id is the last of them: a client that comes back then is not told again.
func (o *eventWriter) gap(first, last int64) {
	o.buf = fmt.Appendf(o.buf, "id: %d\nevent: gap\ndata: {\"first\":%d,\"last\":%d}\n\n", last, first, last)
}

func (o *eventWriter) events(events []*parley.Event, wanted func(*parley.Event) bool) error {
	for _, e := range events {
		if !wanted(e) {
			continue
		}
		o.buf = append(o.buf, "id: "...)
		o.buf = strconv.AppendInt(o.buf, e.Sequence, 10)
		o.buf = append(o.buf, "\nevent: "...)
		o.buf = append(o.buf, e.Type...)
		o.buf = append(o.buf, "\ndata: "...)
		o.buf = append(o.buf, e.JSON()...)
		o.buf = append(o.buf, "\n\n"...)
	}
	if len(o.buf) == 0 {
		return nil
	}
	return o.send()
}

func (o *eventWriter) send() error {
	if err := o.flush.SetWriteDeadline(time.Now().Add(streamWrite)); err != nil {
		return fmt.Errorf("set deadline: %w", err)
	}
	if _, err := o.w.Write(o.buf); err != nil {
		return err
	}
	o.buf = o.buf[:0]
	return o.flush.Flush()
}
