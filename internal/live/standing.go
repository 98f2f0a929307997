package live

import (
	"maps"
	"time"
	"unicode/utf8"

	"parley"
)

// standing is a person in a room.
type standing struct {
	org  parley.OrganizationID
	room room
	who  parley.Actor
	name string

	// As this node knows it, and as others have said: until when, by node.
	pages int
	until time.Time // without a page
	away  map[string]time.Time

	shown bool      // listeners have been told that they are there
	told  time.Time // when other nodes were told so last; zero: they know of no such thing
}

// here tells whether the person is in the room by what was said on this node.
func (at *standing) here(now time.Time) bool { return at.pages > 0 || now.Before(at.until) }

// elsewhere tells whether another node says so.
func (at *standing) elsewhere(now time.Time) bool {
	for _, until := range at.away {
		if now.Before(until) {
			return true
		}
	}
	return false
}

// admit finds a person in a room, or lets them in if there is space.
func (h *Hub) admit(org parley.OrganizationID, in room, who Person) (*standing, bool) {
	if at, ok := h.find(org, in, who.actor()); ok {
		at.name = cut(who.Name)
		return at, true
	}
	if len(org) > maxText || len(in.conversation) > maxText || len(who.Type) > maxText || len(who.ID) > maxText {
		return nil, false
	}
	o := h.organization(org)
	if o.persons >= maxPersons || h.persons >= maxPersonsAll {
		h.tidy(org, o)
		return nil, false
	}
	if o.rooms[in] == nil {
		o.rooms[in] = map[parley.Actor]*standing{}
	}
	at := &standing{org: org, room: in, who: who.actor(), name: cut(who.Name)}
	o.rooms[in][at.who] = at
	o.persons++
	h.persons++
	return at, true
}

func (h *Hub) find(org parley.OrganizationID, in room, who parley.Actor) (*standing, bool) {
	o := h.orgs[org]
	if o == nil {
		return nil, false
	}
	at := o.rooms[in][who]
	return at, at != nil
}

func (h *Hub) organization(org parley.OrganizationID) *organization {
	o := h.orgs[org]
	if o == nil {
		o = &organization{rooms: map[room]map[parley.Actor]*standing{}, listeners: map[*Listener]struct{}{}}
		h.orgs[org] = o
	}
	return o
}

// tidy forgets an organization in which nobody is and nobody listens.
func (h *Hub) tidy(org parley.OrganizationID, o *organization) {
	if o.persons == 0 && len(o.listeners) == 0 {
		delete(h.orgs, org)
	}
}

// changed draws the consequences of what was said of a person: listeners and other
// nodes are told what is news to them, and who is nowhere any more is forgotten.
func (h *Hub) changed(at *standing, now time.Time) {
	maps.DeleteFunc(at.away, func(_ string, until time.Time) bool { return !now.Before(until) })
	here := at.here(now)
	if there := here || len(at.away) > 0; there != at.shown {
		at.shown = there
		h.signal(at)
	}
	switch {
	case here && (at.told.IsZero() || at.room.kind == Typing && now.Sub(at.told) >= repeatTyping):
		at.told = now
		h.tell(at.word(isHere))
	case !here && !at.told.IsZero():
		at.told = time.Time{}
		h.tell(at.word(isGone))
	}
	if !at.shown {
		h.forget(at)
		return
	}
	if at.pages == 0 && here {
		h.dueAt(at.until)
	}
	for _, until := range at.away {
		h.dueAt(until)
	}
}

func (h *Hub) forget(at *standing) {
	o := h.orgs[at.org]
	delete(o.rooms[at.room], at.who)
	if len(o.rooms[at.room]) == 0 {
		delete(o.rooms, at.room)
	}
	o.persons--
	h.persons--
	h.tidy(at.org, o)
}

// cut is a name that is not too long.
func cut(name string) string {
	if len(name) <= maxText {
		return name
	}
	end := maxText
	for end > 0 && !utf8.RuneStart(name[end]) {
		end--
	}
	return name[:end]
}
