// Package stream tells the open pages of the dashboard what has changed, so that their
// parts can load themselves again.
//
// What it promises:
//
//   - A page hears of every event of its organization that its visitor may read, by
//     names: the noun of the event's type ("conversation", "webhook") and the ids of the
//     objects it is about. Never of its content.
//   - Several events at about the same time are told once for each name. What a page
//     missed while it was away it is told when it is back; if that is a lot, it is told
//     to load itself anew ("reload").
//   - "typing:conv_…", "presence:conv_…" and "presence" (who is online) say that this may
//     have changed. They are sent when the stream opens, too.
//   - A stream ends when its visitor is no longer signed in, or is in another organization,
//     within recheck; and when the server stops. When too many are open, the oldest is
//     told to end ("close"): it must not come back by itself.
package stream

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"

	"parley"
	"parley/internal/eventlog"
	"parley/internal/live"
	"parley/internal/web"
)

const (
	// beat keeps proxies from closing a quiet stream, and finds clients that have gone.
	beat = 15 * time.Second
	// recheck is how long a visitor is believed to be signed in while much is told; what
	// is told of a quiet time is told after a look.
	recheck = 5 * time.Second
	// pace is between two batches: what happens meanwhile is told together.
	pace = 100 * time.Millisecond
	// calm is after a reload, before what happens is told again.
	calm = 5 * time.Second
	// most is how many events are told by their names. Those who have to be told of more
	// load everything anew.
	most = 500
)

// The names of frames that are about nothing in particular.
const (
	reload   = "reload"
	closing  = "close"
	presence = "presence"
)

// Parts are what a stream is made of.
type Parts struct {
	Log *eventlog.Log
	Hub *live.Hub

	// Visitor tells who makes a request, as it is now: it is asked again while the
	// stream is open. ok is false if nobody is signed in.
	Visitor func(context.Context) (org parley.OrganizationID, user parley.User, ok bool, err error)

	// Stopped is closed when the server stops.
	Stopped <-chan struct{}
}

// Stream is all open streams.
type Stream struct {
	Parts
	open  places
	known memory
}

// New makes a Stream. It needs no running: each request is its own loop.
func New(p Parts) *Stream { return &Stream{Parts: p} }

// visitor is who looks at a page.
type visitor struct {
	org    parley.OrganizationID
	user   parley.User
	scopes []parley.Scope
}

func (v visitor) allows(s parley.Scope) bool { return parley.Allowed(v.scopes, s) }

func (v visitor) need(s parley.Scope) error {
	if v.allows(s) {
		return nil
	}
	err := parley.Errorf(parley.Forbidden, "Your role does not allow this. Ask an admin of the organization.")
	err.RequiredScope = string(s)
	return err
}

func (s *Stream) visitor(ctx context.Context) (visitor, error) {
	org, user, ok, err := s.Visitor(ctx)
	if err != nil {
		return visitor{}, err
	}
	if !ok {
		return visitor{}, parley.Errorf(parley.Unauthenticated, "Nobody is signed in. Sign in and load the page again.")
	}
	web.Facts(ctx).Org = org
	return visitor{org, user, user.Role.Scopes()}, nil
}

// Follow serves GET /live. ?after= is the sequence that the page has shown, which it
// goes on after; Last-Event-ID wins; without either it begins now. ?conversation= is the
// conversation that is shown: the visitor is present in it while the stream is open.
func (s *Stream) Follow(w http.ResponseWriter, r *http.Request) {
	f, err := s.begin(r)
	if err != nil {
		web.WriteError(w, r, err)
		return
	}
	retry := time.Second + rand.N(2*time.Second) // not all at once when a server is back
	if f.out, err = web.OpenFrames(w, retry); err != nil {
		return
	}
	defer f.out.Close()
	f.run(r.Context())
}

// begin finds out what a request wants to follow.
func (s *Stream) begin(r *http.Request) (*follower, error) {
	v, err := s.visitor(r.Context())
	if err != nil {
		return nil, err
	}
	f := &follower{stream: s, visitor: v, checked: time.Now(), conversation: parley.ConversationID(r.URL.Query().Get("conversation"))}
	if f.conversation != "" {
		if err := checkConversation("query.conversation", f.conversation); err != nil {
			return nil, err
		}
		if err := v.need("conversations:read"); err != nil {
			return nil, err
		}
	}
	return f, f.locate(r)
}

// locate finds the place in the log that the page is at. One that lies too far back, or
// ahead as after a backup was restored, is as good as none.
func (f *follower) locate(r *http.Request) error {
	head, err := f.stream.Log.Head(r.Context(), f.visitor.org)
	if err != nil {
		return err
	}
	f.after = head
	location, text := "header.Last-Event-ID", r.Header.Get("Last-Event-ID")
	if text == "" {
		location, text = "query.after", r.URL.Query().Get("after")
	}
	if text == "" {
		return nil
	}
	after, err := strconv.ParseInt(text, 10, 64)
	if err != nil || after < 0 {
		return parley.InvalidField(location, "It must be the sequence of an event, or 0.")
	}
	if after > head || head-after > most {
		f.stale = true
		return nil
	}
	f.after = after
	return nil
}

func checkConversation(location string, id parley.ConversationID) error {
	if _, ok := parley.ParseID[parley.ConversationID](string(id)); !ok {
		return parley.InvalidField(location, "It must be the id of a conversation.")
	}
	return nil
}

// Type serves POST /live/typing: the visitor is typing in the conversation of the form's
// conversation_id. The page says so every few seconds; with typing=false it says that
// they have stopped.
func (s *Stream) Type(w http.ResponseWriter, r *http.Request) {
	if err := s.typing(w, r); err != nil {
		web.WriteError(w, r, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (s *Stream) typing(w http.ResponseWriter, r *http.Request) error {
	v, err := s.visitor(r.Context())
	if err != nil {
		return err
	}
	if err := v.need("conversations:write"); err != nil {
		return err
	}
	r.Body = http.MaxBytesReader(w, r.Body, 4096)
	if err := r.ParseForm(); err != nil {
		return parley.Errorf(parley.Malformed, "The form cannot be read.").Because(err)
	}
	id := parley.ConversationID(r.PostForm.Get("conversation_id"))
	if err := checkConversation("body.conversation_id", id); err != nil {
		return err
	}
	if r.PostForm.Get("typing") == "false" {
		s.Hub.StopTyping(v.org, id, live.Agent(v.user))
	} else {
		s.Hub.Typing(v.org, id, live.Agent(v.user))
	}
	return nil
}

// told is what a frame tells of an event.
type told struct {
	Type     string         `json:"type"`
	Sequence int64          `json:"sequence"`
	ID       parley.EventID `json:"id"`
	Key      string         `json:"key,omitempty"` // unless it is of a client's own making
}

func (t told) json() []byte {
	data, _ := json.Marshal(t) // plain strings and a number: cannot fail
	return data
}
