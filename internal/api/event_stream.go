package api

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"parley"
	"parley/internal/eventlog"
	"parley/internal/web"
)

const (
	// streamBeat keeps proxies from closing a quiet stream, and finds clients that
	// have gone.
	streamBeat = 15 * time.Second
	// streamRetry is after how long a client may come back whose stream has ended.
	streamRetry = time.Second
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
	filter, err := in.filter()
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

	out, err := web.OpenFrames(w, streamRetry)
	if err != nil {
		return nil
	}
	defer out.Close()
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
			out.Comment()
			err = out.Send()
		case err == nil:
			if first, last, missed := eventlog.Gap(after, events[0].Sequence); missed {
				addGap(out, first, last)
			}
			after = events[len(events)-1].Sequence
			addEvents(out, events, filter.Match)
			err = out.Send()
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

// addGap says which events the client has missed, before those that are sent next. Its
// id is the last of them: a client that comes back then is not told again.
func addGap(out *web.Frames, first, last int64) {
	out.Add(last, "gap", fmt.Appendf(nil, `{"first":%d,"last":%d}`, first, last))
}

func addEvents(out *web.Frames, events []*parley.Event, wanted func(*parley.Event) bool) {
	for _, e := range events {
		if wanted(e) {
			out.Add(e.Sequence, e.Type, e.JSON())
		}
	}
}
