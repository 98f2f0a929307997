package inbox

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"parley"
	"parley/internal/dashboard/content"
	"parley/internal/dashboard/page"
	"parley/internal/dashboard/ui"
	"parley/internal/store"
)

const (
	// messagesAtOnce is how many messages are shown to begin with, and are added by each
	// look at older ones.
	messagesAtOnce = 40
	// messagesAtMost bounds a thread that grows while it is open.
	messagesAtMost = 400
	notesAtMost    = 400
	// eventsAtMost is how many changes are shown in a stretch of the thread, and eventsWithin
	// how far back in the log they are looked for: no index has those of a conversation.
	eventsAtMost = 200
	eventsWithin = 20_000
	// together is for how long messages of one author stand together.
	together = 5 * time.Minute
)

// thread is a stretch of what happened in a conversation, the oldest first.
type thread struct {
	subject
	Items   []item
	From    parley.MessageID // the oldest message; the stretch begins with it
	Drawing content.Drawing
	Older   string // the address of what was before; "" if this is the beginning
	Largest int64  // how many bytes a file may have that is sent
}

// item is one thing that happened: a message, a note, or a change.
type item struct {
	ID      string
	At      parley.Time
	Message *parley.Message
	Note    *parley.Note
	Change  string // in words
	Author  string
	Actor   parley.Actor
	Day     string // that begins with it; "" if it is that of the item before
	Follows bool   // the item before, by the same author
}

// Own tells whether it comes from this side.
func (i item) Own() bool { return i.Message == nil || i.Message.Direction == parley.Outgoing }

func threadPart(r *page.Request, s subject) (templ.Component, error) {
	t, err := readThread(r, s, r.Query("from"))
	return latest(t), err
}

// readThread reads the newest stretch: from a message on that was the oldest before, or
// as much as is shown to begin with.
func readThread(r *page.Request, s subject, from string) (thread, error) {
	f := store.Where("conversation_id = ?", string(s.ID))
	limit := messagesAtOnce
	if from != "" {
		f.And("id >= ?", from)
		limit = messagesAtMost
	}
	messages, _, err := store.Messages.List(r.Context(), r.Site.DB.Read(), r.Org(), store.Page{Limit: limit}, f)
	if err != nil {
		return thread{}, err
	}
	return readStretch(r, s, messages, parley.LastTime)
}

func olderPart(r *page.Request, s subject) (templ.Component, error) {
	before, ok := parley.ParseID[parley.MessageID](r.Query("before"))
	if !ok {
		return nil, parley.InvalidField("query.before", "must be the id of a message")
	}
	next, err := r.Site.Conversations.Message(r.Context(), r.Org(), s.ID, before)
	if err != nil {
		return nil, err
	}
	f := store.Where("conversation_id = ?", string(s.ID))
	f.And("id < ?", string(before))
	messages, _, err := store.Messages.List(r.Context(), r.Site.DB.Read(), r.Org(), store.Page{Limit: messagesAtOnce}, f)
	if err != nil {
		return nil, err
	}
	t, err := readStretch(r, s, messages, next.CreatedAt)
	return older(t), err
}

// readStretch completes messages, the newest of which come first, with what else
// happened from the first of them on until a time.
func readStretch(r *page.Request, s subject, messages []parley.Message, until parley.Time) (t thread, err error) {
	t.subject, t.Largest = s, r.Site.Attachments.MaxSize
	var since parley.Time
	if n := len(messages); n > 0 {
		first := messages[n-1]
		t.From = first.ID
		before := store.Where("conversation_id = ?", string(s.ID))
		before.And("id < ?", string(first.ID))
		_, more, err := store.Messages.Find(r.Context(), r.Site.DB.Read(), r.Org(), before)
		if err != nil {
			return t, err
		}
		if more {
			since = first.CreatedAt
			t.Older = s.URL + "/older?" + url.Values{"before": {string(first.ID)}}.Encode()
		}
	}
	for i := range messages {
		m := &messages[i]
		t.Items = append(t.Items, item{ID: string(m.ID), At: m.CreatedAt, Message: m, Actor: m.Author, Author: s.author(m.Author)})
	}
	if t.Drawing, err = content.Prepare(r.Context(), r.Site.Attachments, r.Org(), messages...); err != nil {
		return t, err
	}
	notes, err := readNotes(r, s, since, until)
	if err != nil {
		return t, err
	}
	changes, err := readChanges(r, s, since, until)
	if err != nil {
		return t, err
	}
	t.Items = slices.Concat(t.Items, notes, changes)
	slices.SortStableFunc(t.Items, func(a, b item) int {
		return cmp.Or(cmp.Compare(a.At, b.At), strings.Compare(tail(a.ID), tail(b.ID)))
	})
	arrange(r, t.Items)
	return t, nil
}

// tail is the part of an id that tells what was first.
func tail(id string) string {
	_, digits, _ := strings.Cut(id, "_")
	return digits
}

func readNotes(r *page.Request, s subject, since, until parley.Time) (items []item, err error) {
	f := store.Where("conversation_id = ?", string(s.ID))
	f.And("created_at >= ?", int64(since))
	f.And("created_at < ?", int64(until))
	notes, _, err := store.Notes.List(r.Context(), r.Site.DB.Read(), r.Org(), store.Page{Limit: notesAtMost}, f)
	for i := range notes {
		n := &notes[i]
		items = append(items, item{ID: string(n.ID), At: n.CreatedAt, Note: n, Actor: n.Author, Author: s.author(n.Author)})
	}
	return items, err
}

// arrange says of each item whether a day begins with it, and whether it belongs to the
// one before.
func arrange(r *page.Request, items []item) {
	day := ""
	now := time.Now().In(r.Zone())
	for i := range items {
		here := &items[i]
		if d := dayOf(here.At.Std().In(r.Zone()), now); d != day {
			day, here.Day = d, d
			continue
		}
		before := items[i-1]
		here.Follows = here.Change == "" && before.Change == "" && here.Actor == before.Actor &&
			(here.Note == nil) == (before.Note == nil) && here.At-before.At < parley.Time(together.Milliseconds())
	}
}

func dayOf(at, now time.Time) string {
	day := at.Format("2 January 2006")
	switch day {
	case now.Format("2 January 2006"):
		return "Today"
	case now.AddDate(0, 0, -1).Format("2 January 2006"):
		return "Yesterday"
	}
	if at.Year() == now.Year() {
		return at.Format("Monday, 2 January")
	}
	return day
}

// author is what somebody who did something is called.
func (s subject) author(a parley.Actor) string {
	switch a.Type {
	case parley.ActorUser:
		id := parley.UserID(a.ID)
		return s.User(&id)
	case parley.ActorContact:
		return ui.Name(s.Contact)
	case parley.ActorAPIKey:
		return "API"
	case parley.ActorSystem:
		return "Parley"
	}
	return strings.ToUpper(a.Type[:1]) + a.Type[1:]
}

// clock is the time of day of something that stands below its day.
func clock(at parley.Time, zone *time.Location) string { return at.Std().In(zone).Format("15:04") }
