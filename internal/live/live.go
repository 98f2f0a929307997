// Package live knows what is said and not kept: who has which conversation open, and
// who is typing. Nothing of it is in the log or on a disk.
//
// What it promises:
//
//   - Saying never waits, for no reader and for no other node.
//   - [Hub.Present], [Hub.Online] and [Hub.Typists] tell the state as this node knows it.
//     A [Listener] is told what changed in it, as a hint to look again: hints about the
//     same are one, and one that reads too slowly loses hints, and is told so.
//   - Who leaves is present for [Linger] more, so that nobody flickers who goes from one
//     page to the next. Who types is typing for [TypingFor], unless they go on or stop.
//   - Several processes on one PostgreSQL database know of each other's within moments,
//     and within [Forget] at the latest. The persons of one that dies vanish by then.
//   - Memory is bounded: beyond maxPersons no more are noticed.
package live

import (
	"cmp"
	"context"
	"crypto/rand"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"parley"
)

// How long what is said holds.
const (
	TypingFor = 5 * time.Second
	Linger    = 5 * time.Second
	Forget    = 30 * time.Second
)

// How many persons are noticed in rooms, a person in two rooms being two: of an
// organization, and of all.
const (
	maxPersons    = 5_000
	maxPersonsAll = 50_000
)

// maxText bounds ids and names, in bytes: longer names are cut.
const maxText = 200

// Person is somebody who looks or types: an agent, or a contact.
type Person struct {
	Type string // "user" or "contact"
	ID   string
	Name string
}

// Agent is the person that an agent is.
func Agent(u parley.User) Person { return Person{parley.ActorUser, string(u.ID), u.Name} }

// Is tells whether p is an agent's.
func (p Person) Is(u parley.UserID) bool { return p.Type == parley.ActorUser && p.ID == string(u) }

func (p Person) actor() parley.Actor { return parley.Actor{Type: p.Type, ID: p.ID} }

// Kind is what is said of a person.
type Kind string

// The kinds: they look at a conversation, or write in it.
const (
	Presence Kind = "presence"
	Typing   Kind = "typing"
)

// Wire takes texts of up to maxSaid bytes to the other processes and brings theirs, as
// package database does.
type Wire interface {
	Say(topic, text string)
	Hear(ctx context.Context, topic string, fn func(text string)) error
}

// Hub is where everybody says it. Its methods may be called from any goroutine.
type Hub struct {
	wire   Wire
	logger *slog.Logger
	node   string
	wake   chan struct{} // has Run look at due and outbox

	mu      sync.Mutex
	orgs    map[parley.OrganizationID]*organization
	persons int
	due     time.Time // when somebody may have to be forgotten; zero: never
	beat    bool      // whether the others have to be told everything
	outbox  []word
}

// organization is what goes on in one.
type organization struct {
	rooms     map[room]map[parley.Actor]*standing
	persons   int
	listeners map[*Listener]struct{}
}

// room is where persons are: a conversation, or the house itself, which has none.
type room struct {
	kind         Kind
	conversation parley.ConversationID
}

// New makes a hub, which is alone until it runs.
func New(wire Wire, logger *slog.Logger) *Hub {
	return &Hub{
		wire: wire, logger: logger, node: strings.ToLower(rand.Text()[:10]), wake: make(chan struct{}, 1),
		orgs: map[parley.OrganizationID]*organization{},
	}
}

// Typing says that somebody is typing in a conversation: for TypingFor, unless it is
// said again before.
func (h *Hub) Typing(org parley.OrganizationID, conversation parley.ConversationID, who Person) {
	now := time.Now()
	h.mu.Lock()
	defer h.mu.Unlock()
	if at, ok := h.admit(org, room{Typing, conversation}, who); ok {
		at.until = now.Add(TypingFor)
		h.changed(at, now)
	}
}

// StopTyping says that somebody is no longer typing: what they wrote has been sent.
func (h *Hub) StopTyping(org parley.OrganizationID, conversation parley.ConversationID, who Person) {
	now := time.Now()
	h.mu.Lock()
	defer h.mu.Unlock()
	if at, ok := h.find(org, room{Typing, conversation}, who.actor()); ok {
		h.stop(at, now)
		h.tell(at.word(isGone)) // they may have been typing through another node
	}
}

func (h *Hub) stop(at *standing, now time.Time) {
	at.until, at.away, at.told = now, nil, time.Time{}
	h.changed(at, now)
}

// Enter says that somebody has opened a page: that of a conversation, or another one,
// which has none. They are present until leave is called, and for Linger more; leave
// may be called twice.
func (h *Hub) Enter(org parley.OrganizationID, conversation parley.ConversationID, who Person) (leave func()) {
	rooms := []room{{Presence, ""}}
	if conversation != "" {
		rooms = append(rooms, room{Presence, conversation})
	}
	now := time.Now()
	h.mu.Lock()
	defer h.mu.Unlock()
	var entered []*standing
	for _, in := range rooms {
		if at, ok := h.admit(org, in, who); ok {
			at.pages++
			h.changed(at, now)
			entered = append(entered, at)
		}
	}
	return sync.OnceFunc(func() { h.leave(entered) })
}

func (h *Hub) leave(entered []*standing) {
	now := time.Now()
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, at := range entered {
		at.pages--
		at.until = now.Add(Linger)
		h.changed(at, now)
	}
}

// Present tells who has a conversation open, by name.
func (h *Hub) Present(org parley.OrganizationID, conversation parley.ConversationID) []Person {
	return h.in(org, room{Presence, conversation})
}

// Typists tells who is typing in a conversation, by name.
func (h *Hub) Typists(org parley.OrganizationID, conversation parley.ConversationID) []Person {
	return h.in(org, room{Typing, conversation})
}

// Online tells which agents have any page open, by id.
func (h *Hub) Online(org parley.OrganizationID) []parley.UserID {
	var ids []parley.UserID
	for _, p := range h.in(org, room{Presence, ""}) {
		if p.Type == parley.ActorUser {
			ids = append(ids, parley.UserID(p.ID))
		}
	}
	slices.Sort(ids)
	return ids
}

func (h *Hub) in(org parley.OrganizationID, in room) (persons []Person) {
	now := time.Now()
	h.mu.Lock()
	defer h.mu.Unlock()
	if o := h.orgs[org]; o != nil {
		for who, at := range o.rooms[in] {
			if at.here(now) || at.elsewhere(now) {
				persons = append(persons, Person{who.Type, who.ID, at.name})
			}
		}
	}
	slices.SortFunc(persons, func(a, b Person) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.ID, b.ID), strings.Compare(a.Type, b.Type))
	})
	return persons
}
