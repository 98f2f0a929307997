package stream

import (
	"context"
	"strings"
	"sync"
	"time"

	"parley"
	"parley/internal/live"
	"parley/internal/web"
)

// follower is one open stream.
type follower struct {
	stream       *Stream
	visitor      visitor
	checked      time.Time // when the visitor was last looked up
	conversation parley.ConversationID
	after        int64
	stale        bool // the page is to be loaded anew, whatever follows
	out          *web.Frames
}

// batch is events that are told together; none are given if there are too many.
type batch struct {
	events []*parley.Event
	last   int64
}

// run tells until the stream has to end.
func (f *follower) run(ctx context.Context) {
	place := f.stream.open.take(strings.ToLower(f.visitor.user.Email))
	defer f.stream.open.leave(place)
	signals := f.stream.Hub.Follow(f.visitor.org)
	defer signals.Close()
	defer f.stream.Hub.Enter(f.visitor.org, f.conversation, live.Agent(f.visitor.user))()

	org, after, stale := f.visitor.org, f.after, f.stale // the visitor is looked up again while the log is read
	batches := make(chan batch)
	var reading sync.WaitGroup
	defer reading.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	reading.Go(func() {
		defer close(batches)
		f.stream.read(ctx, org, after, stale, batches)
	})

	if f.tell(ctx, f.open) != nil {
		return
	}
	ticker := time.NewTicker(beat)
	defer ticker.Stop()
	ready := signals.Ready()
	rested := time.NewTimer(pace)
	defer rested.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return
		case <-f.stream.Stopped:
			return
		case <-place.end:
			f.out.Add(0, closing, nothing)
			_ = f.out.Send() // it ends anyway
			return
		case <-ticker.C:
			f.checked = time.Time{}
			err = f.tell(ctx, f.out.Comment)
		case b, ok := <-batches:
			if !ok {
				return // the log cannot be read: the page comes back by itself
			}
			err = f.tell(ctx, func() { f.events(b) })
		case <-ready:
			ready = nil
			rested.Reset(pace)
			err = f.tell(ctx, func() { f.signals(signals.Take()) })
		case <-rested.C:
			ready = signals.Ready()
		}
		if err != nil {
			return
		}
	}
}

// tell sends what add adds, if the visitor may still be told anything.
func (f *follower) tell(ctx context.Context, add func()) error {
	if time.Since(f.checked) >= recheck {
		v, err := f.stream.visitor(ctx)
		if err != nil {
			return err
		}
		if v.org != f.visitor.org || v.user.ID != f.visitor.user.ID {
			return parley.Errorf(parley.Unauthenticated, "Somebody else is signed in.")
		}
		f.visitor, f.checked = v, time.Now()
	}
	add()
	return f.out.Send()
}

// nothing is the data of frames whose name says all: browsers pass over one without data.
var nothing = []byte("{}")

// open has the page look at what may have changed while it was not told.
func (f *follower) open() { f.signals(nil, true) }

// events tells of events: the last that each name stands for.
func (f *follower) events(b batch) {
	if b.events == nil {
		f.out.Add(b.last, reload, nothing)
		return
	}
	last := map[string]*parley.Event{}
	var names []string
	for _, e := range b.events {
		if !f.visitor.allows(readScope(e.Type)) {
			continue
		}
		for _, name := range f.stream.known.names(e) {
			if last[name] == nil {
				names = append(names, name)
			}
			last[name] = e
		}
	}
	for _, name := range names {
		e := last[name]
		t := told{Type: e.Type, Sequence: e.Sequence, ID: e.ID}
		if isID(e.Key) {
			t.Key = e.Key
		}
		f.out.Add(0, name, t.json())
	}
	// Only now: a page whose connection breaks between two of them is told all again.
	f.out.Mark(b.last)
}

// signals tells of who came, went or types, but not the visitors of their own typing.
func (f *follower) signals(signals []live.Signal, lost bool) {
	if !f.visitor.allows("conversations:read") {
		return
	}
	var names []string
	if lost {
		names = append(names, presence)
		if f.conversation != "" {
			names = append(names, nameOf(live.Presence, f.conversation), nameOf(live.Typing, f.conversation))
		}
	}
	me := live.Agent(f.visitor.user)
	for _, s := range signals {
		if s.Kind == live.Typing && s.Who.Type == me.Type && s.Who.ID == me.ID {
			continue
		}
		names = append(names, nameOf(s.Kind, s.Conversation))
	}
	said := map[string]bool{}
	for _, name := range names {
		if !said[name] {
			said[name] = true
			f.out.Add(0, name, nothing)
		}
	}
}

func nameOf(k live.Kind, conversation parley.ConversationID) string {
	if conversation == "" {
		return string(k)
	}
	return string(k) + ":" + string(conversation)
}

// read reads the log for one stream until ctx ends, or the log cannot be read.
func (s *Stream) read(ctx context.Context, org parley.OrganizationID, after int64, stale bool, out chan<- batch) {
	b := batch{last: after}
	for {
		if !stale {
			var err error
			if b, err = s.next(ctx, org, b.last); err != nil {
				return
			}
		}
		stale = false
		rest := pace
		if b.events == nil {
			rest = calm
		}
		select {
		case out <- b:
		case <-ctx.Done():
			return
		}
		select {
		case <-time.After(rest):
		case <-ctx.Done():
			return
		}
	}
}

// next waits for events. If the log no longer keeps all of them, or there are too many,
// it gives none, and the head.
func (s *Stream) next(ctx context.Context, org parley.OrganizationID, after int64) (batch, error) {
	events, err := s.Log.Wait(ctx, org, after, most)
	if err != nil {
		return batch{}, err
	}
	b := batch{events, events[len(events)-1].Sequence}
	missed := events[0].Sequence > after+1
	if !missed && len(events) < most {
		return b, nil
	}
	head, err := s.Log.Head(ctx, org)
	if err != nil {
		return batch{}, err
	}
	if missed || head > b.last {
		b = batch{last: max(head, b.last)}
	}
	return b, nil
}
