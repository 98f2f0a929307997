package developers

import (
	"slices"
	"strings"
	"time"

	"parley"
	"parley/internal/dashboard/names"
	"parley/internal/dashboard/page"
	"parley/internal/eventlog"
	"parley/internal/store"
)

const eventsOnPage = 50

// most is how many people, keys and inboxes the filters offer.
const most = 100

// log is what the event explorer shows.
type log struct {
	Events   []*parley.Event
	Names    names.Names
	Inboxes  []parley.Inbox
	Users    []parley.User
	Keys     []parley.APIKey // for those who may see them
	Types    []string        // what may be typed as a filter of types
	Wanted   map[string]string
	Publish  bool
	Wrong    string // what is wrong with the filter
	Part     string // the address of the list
	First    string
	Next     string
	Searched bool // there may be older events that match, beyond what was searched
}

// filters are the parameters that events are chosen by.
var filters = []string{"types", "object", "actor", "inbox", "since", "until"}

func (l log) filtered() bool { return len(l.Wanted) > 0 }

// live are the names of all events that a page can be told of; "" on an older page,
// which stays as it is.
func (l log) live() string {
	if l.First != "" {
		return ""
	}
	return strings.Join(append(nouns(), "custom"), " ")
}

// nouns are what there are events of, in alphabetical order.
func nouns() (all []string) {
	for _, d := range parley.Catalogue() {
		if !slices.Contains(all, d.Noun()) {
			all = append(all, d.Noun())
		}
	}
	return all
}

// patterns are what the filter of types suggests.
func patterns() (all []string) {
	for _, noun := range nouns() {
		all = append(all, noun+".*")
	}
	all = append(all, "custom.*")
	for _, d := range parley.Catalogue() {
		all = append(all, d.Name)
	}
	return all
}

func showEvents(r *page.Request) error {
	l, err := readLog(r)
	if err != nil {
		return err
	}
	if r.Partial() {
		return r.Part(eventList(l))
	}
	return r.Page(page.Show{Title: "Events", Current: events}, eventsPage(l))
}

func readLog(r *page.Request) (l log, err error) {
	l = log{Wanted: map[string]string{}, Publish: r.Allows(publishEvents), Types: patterns(), Part: r.URL.RequestURI()}
	for _, name := range filters {
		if value := strings.TrimSpace(r.Query(name)); value != "" {
			l.Wanted[name] = value
		}
	}
	if err := l.choices(r); err != nil {
		return l, err
	}
	s, wrong := l.search(r.Zone())
	if wrong != "" {
		l.Wrong = wrong
		return l, nil
	}
	if s.Cursor = r.Query("cursor"); s.Cursor != "" {
		l.First = r.With()
	}
	found, next, err := r.Site.Log.Search(r.Context(), r.Org(), s)
	if err != nil {
		return l, err
	}
	l.Events, l.Searched = found, next != "" && len(found) < eventsOnPage
	if next != "" {
		l.Next = r.With("cursor", next)
	}
	l.Names, err = namesOf(r, found...)
	return l, err
}

// choices reads what the filters offer.
func (l *log) choices(r *page.Request) (err error) {
	p := store.Page{Limit: most}
	if l.Inboxes, _, err = r.Site.Account.Inboxes.List(r.Context(), r.Org(), p, store.Filter{}); err != nil {
		return err
	}
	if l.Users, _, err = r.Site.Account.Users.List(r.Context(), r.Org(), p, store.Filter{}); err != nil || !r.Allows(readKeys) {
		return err
	}
	l.Keys, _, err = r.Site.Account.Keys(r.Context(), r.Org(), p)
	return err
}

// unlisted is who is filtered by if the filter does not offer them, as there are more
// than it does, or as they have left.
func (l log) unlisted() string {
	actor := l.Wanted["actor"]
	offered := slices.Contains([]string{"", parley.ActorContact, parley.ActorAPIKey, parley.System.ID}, actor) ||
		slices.ContainsFunc(l.Users, func(u parley.User) bool { return string(u.ID) == actor }) ||
		slices.ContainsFunc(l.Keys, func(k parley.APIKey) bool { return string(k.ID) == actor })
	if offered {
		return ""
	}
	return actor
}

// search is what the filters ask for, or what is wrong with them.
func (l log) search(zone *time.Location) (s eventlog.Search, wrong string) {
	s = eventlog.Search{NewestFirst: true, Limit: eventsOnPage}
	for pattern := range strings.FieldsFuncSeq(l.Wanted["types"], func(c rune) bool { return c == ',' || c == ' ' }) {
		if !parley.ValidPattern(pattern) {
			return s, "No type of event goes by " + pattern + ". Take a name from the catalogue, all of a noun such as contact.*, or custom.*."
		}
		s.Types = append(s.Types, pattern)
	}
	s.Inbox, s.Object = parley.InboxID(l.Wanted["inbox"]), l.Wanted["object"]
	switch actor := l.Wanted["actor"]; actor {
	case parley.System.ID:
		s.ActorType = parley.ActorSystem
	case parley.ActorContact, parley.ActorAPIKey, parley.ActorUser:
		s.ActorType = actor
	default:
		s.ActorID = actor
	}
	for name, into := range map[string]**time.Time{"since": &s.Since, "until": &s.Until} {
		if l.Wanted[name] == "" {
			continue
		}
		at, err := time.ParseInLocation("2006-01-02T15:04", l.Wanted[name], zone)
		if err != nil {
			return s, "The time " + l.Wanted[name] + " cannot be read."
		}
		*into = &at
	}
	return s, ""
}
