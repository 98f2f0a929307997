package live

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"time"

	"parley"
)

// topic is what nodes talk about.
const topic = "live"

// What a node says of a person holds for a while only, so nothing that is lost is lost
// for long, and nobody has to find out which nodes are alive. Of who is typing it is
// said again at most every repeatTyping, of who is present every beatEvery; who has
// missed something may ask for that sooner, not sooner than askedBeat.
const (
	repeatTyping = time.Second
	holdTyping   = TypingFor + repeatTyping
	beatEvery    = 10 * time.Second
	askedBeat    = time.Second
)

// sweepEvery is how soon after each other persons are looked through.
const sweepEvery = 200 * time.Millisecond

// What is said at once: more words than maxOutbox are lost, and heal with the next beat.
const (
	maxSaid   = 7900 // bytes in a text
	maxOutbox = 20_000
)

// word is what a node says to the others.
type word struct {
	Verb         verb                  `json:"v"`
	Organization parley.OrganizationID `json:"o,omitempty"`
	Kind         Kind                  `json:"k,omitempty"`
	Conversation parley.ConversationID `json:"c,omitempty"`
	Type         string                `json:"t,omitempty"`
	ID           string                `json:"i,omitempty"`
	Name         string                `json:"n,omitempty"`
}

type verb string

const (
	isHere verb = "here"
	isGone verb = "gone"
	ask    verb = "ask" // everybody to say who is there
	bye    verb = "bye" // the node stops: its persons may turn up at another one
)

func (at *standing) word(v verb) word {
	return word{v, at.org, at.room.kind, at.room.conversation, at.who.Type, at.who.ID, at.name}
}

// tell has the other nodes told.
func (h *Hub) tell(w word) {
	if len(h.outbox) < maxOutbox {
		h.outbox = append(h.outbox, w)
	}
	h.stir()
}

func (h *Hub) dueAt(at time.Time) {
	if h.due.IsZero() || at.Before(h.due) {
		h.due = at
		h.stir()
	}
}

func (h *Hub) stir() {
	select {
	case h.wake <- struct{}{}:
	default:
	}
}

// Run forgets who is gone, and exchanges what is said with the other nodes, until ctx
// ends, whose error it returns.
func (h *Hub) Run(ctx context.Context) error {
	var hearing sync.WaitGroup
	defer hearing.Wait()
	hearing.Go(func() { _ = h.wire.Hear(ctx, topic, h.heard) }) // its error is that of ctx

	beat := time.NewTicker(beatEvery)
	defer beat.Stop()
	r := round{timer: time.NewTimer(beatEvery)}
	defer r.timer.Stop()
	for {
		select {
		case <-ctx.Done():
			h.say([]word{{Verb: bye}})
			return ctx.Err()
		case <-beat.C:
			h.askToBeat()
		case <-h.wake:
		case <-r.timer.C:
		}
		h.say(h.work(&r, time.Now()))
	}
}

// round is when Run did what last, and when it has to do something again.
type round struct {
	swept, beat time.Time
	timer       *time.Timer
}

// work does what is due, and gives what is to be said.
func (h *Hub) work(r *round, now time.Time) (words []word) {
	h.mu.Lock()
	defer h.mu.Unlock()
	next := now.Add(beatEvery)
	if !h.due.IsZero() {
		if at := later(h.due, r.swept.Add(sweepEvery)); now.Before(at) {
			next = at
		} else {
			r.swept = now
			h.sweep(now)
		}
	}
	if h.beat {
		if at := r.beat.Add(askedBeat); now.Before(at) {
			next = earlier(next, at)
		} else {
			r.beat, h.beat = now, false
			h.sayAll(now)
		}
	}
	r.timer.Reset(next.Sub(now))
	words, h.outbox = h.outbox, nil
	return words
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// sweep forgets who is gone, and finds out when to look again.
func (h *Hub) sweep(now time.Time) {
	h.due = time.Time{}
	h.each(func(at *standing) { h.changed(at, now) })
}

// sayAll tells of everybody who is present here.
func (h *Hub) sayAll(now time.Time) {
	h.each(func(at *standing) {
		if at.room.kind == Presence && at.here(now) {
			at.told = now
			h.tell(at.word(isHere))
		}
	})
}

func (h *Hub) each(fn func(at *standing)) {
	for _, o := range h.orgs {
		for _, room := range o.rooms {
			for _, at := range room {
				fn(at)
			}
		}
	}
}

func (h *Hub) askToBeat() {
	h.mu.Lock()
	h.beat = true
	h.mu.Unlock()
	h.stir()
}

// say says words, as many as go into it with each text: the node on its first line,
// and a word on each other.
func (h *Hub) say(words []word) {
	text := []byte(h.node)
	for _, w := range words {
		line, err := json.Marshal(w)
		if err != nil {
			h.logger.Debug("live.say", "error", err)
			continue
		}
		if len(text)+1+len(line) > maxSaid {
			h.wire.Say(topic, string(text))
			text = []byte(h.node)
		}
		text = append(append(text, '\n'), line...)
	}
	if len(text) > len(h.node) {
		h.wire.Say(topic, string(text))
	}
}

// heard takes in what another node says; an empty text means that something may have
// been missed.
func (h *Hub) heard(text string) {
	now := time.Now()
	node, lines, _ := strings.Cut(text, "\n")
	h.mu.Lock()
	defer h.mu.Unlock()
	if text == "" {
		h.beat = true
		h.tell(word{Verb: ask})
		return
	}
	for line := range strings.Lines(lines) {
		var w word
		if err := json.Unmarshal([]byte(line), &w); err != nil {
			h.logger.Debug("live.heard", "error", err)
			continue
		}
		h.take(node, w, now)
	}
}

func (h *Hub) take(node string, w word, now time.Time) {
	in, who := room{w.Kind, w.Conversation}, Person{w.Type, w.ID, w.Name}
	switch w.Verb {
	case isHere:
		if w.Kind != Presence && w.Kind != Typing {
			return // of a later release
		}
		if at, ok := h.admit(w.Organization, in, who); ok {
			h.hold(at, node, now)
		}
	case isGone:
		at, ok := h.find(w.Organization, in, who.actor())
		switch {
		case !ok:
		case w.Kind == Typing:
			h.stop(at, now) // wherever they typed
		default:
			delete(at.away, node)
			h.changed(at, now)
		}
	case ask:
		h.beat = true
		h.stir()
	case bye:
		h.each(func(at *standing) {
			if until, ok := at.away[node]; ok {
				at.away[node] = earlier(until, now.Add(Linger))
				h.dueAt(at.away[node])
			}
		})
	}
}

// hold keeps what a node has said of somebody for as long as it is good.
func (h *Hub) hold(at *standing, node string, now time.Time) {
	if at.away == nil {
		at.away = map[string]time.Time{}
	}
	at.away[node] = now.Add(Forget)
	if at.room.kind == Typing {
		at.away[node] = now.Add(holdTyping)
	}
	h.changed(at, now)
}
