package settings

import (
	"cmp"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"parley"
	"parley/internal/dashboard/form"
	"parley/internal/dashboard/page"
	"parley/internal/eventlog"
	"parley/internal/store"
)

// auditedAtOnce is how many entries a page of the audit log shows.
const auditedAtOnce = 50

// showAudit shows who changed what in the configuration, and who may do what.
func showAudit(r *page.Request) error {
	who, err := actors(r)
	if err != nil {
		return err
	}
	v := auditView{Noun: r.Query("noun"), Actor: r.Query("actor"), Since: r.Query("since"), Until: r.Query("until"), Actors: who}
	a := eventlog.Audit{Actor: v.Actor, Since: day(v.Since, r.Zone(), 0), Until: day(v.Until, r.Zone(), 1)}
	if v.Noun != "" {
		a.Nouns = []string{v.Noun}
	}
	entries, next, err := r.Site.Log.AuditLog(r.Context(), r.Org(), a, r.Query("cursor"), auditedAtOnce)
	if err != nil {
		return err
	}
	for _, e := range entries {
		v.Entries = append(v.Entries, entryOf(e, who))
	}
	if r.Query("cursor") != "" {
		v.First = r.With()
	}
	if next != "" {
		v.Next = r.With("cursor", next)
	}
	return Show(r, audit, "Audit log", http.StatusOK, auditPage(v))
}

type auditView struct {
	Noun, Actor, Since, Until string
	Actors                    []actor
	Entries                   []entry
	First, Next               string
}

func (v auditView) filtered() bool { return v.Noun+v.Actor+v.Since+v.Until != "" }

// unlisted tells whether the filter does not offer who is filtered by, as there are more
// than it does, or as they have left.
func (v auditView) unlisted() bool {
	return v.Actor != "" && !slices.ContainsFunc(v.Actors, func(a actor) bool { return a.ID == v.Actor })
}

// day is the beginning of a day in a zone, so many days later; 0 if it is none.
func day(text string, zone *time.Location, later int) parley.Time {
	at, err := time.ParseInLocation(time.DateOnly, text, zone)
	if err != nil {
		return 0
	}
	return parley.At(at.AddDate(0, 0, later))
}

// actor is somebody who can change things.
type actor struct {
	ID, Name string
	Key      bool // it is an API key
}

// actors are the users and the newest API keys.
func actors(r *page.Request) (all []actor, err error) {
	users, err := everybody(r)
	for _, u := range users {
		all = append(all, actor{ID: string(u.ID), Name: u.Name})
	}
	if err != nil || !r.Allows("api_keys:read") {
		return all, err
	}
	keys, _, err := store.APIKeys.List(r.Context(), r.Site.DB.Read(), r.Org(), store.Page{Limit: 200}, store.Filter{})
	for _, k := range keys {
		all = append(all, actor{ID: string(k.ID), Name: k.Name, Key: true})
	}
	return all, err
}

// entry is a line of the audit log.
type entry struct {
	*parley.Event
	Who     actor
	Did     string // "changed the label"
	Object  string // what it is called
	Changes []change
}

// change is a field with what it was and what it is.
type change struct{ Name, Old, New string }

func entryOf(e *parley.Event, who []actor) entry {
	noun, verb, _ := strings.Cut(e.Type, ".")
	line := entry{Event: e, Who: actor{ID: e.Actor.ID, Name: "Somebody who has left", Key: e.Actor.Type == parley.ActorAPIKey}, Did: did(noun, verb)}
	if line.Who.Key {
		line.Who.Name = "An API key"
	}
	names := map[string]string{}
	for _, a := range who {
		names[a.ID] = a.Name
		if a.ID == e.Actor.ID {
			line.Who = a
		}
	}
	var data map[string]json.RawMessage
	var now, before map[string]json.RawMessage
	if json.Unmarshal(e.Data, &data) != nil || json.Unmarshal(data[noun], &now) != nil {
		return line
	}
	line.Object = cmp.Or(spoken(now["name"], nil), spoken(now["description"], nil), spoken(now["url"], nil), spoken(now["id"], nil))
	if json.Unmarshal(data["previous"], &before) != nil {
		return line
	}
	for _, field := range slices.Sorted(maps.Keys(before)) {
		line.Changes = append(line.Changes, change{strings.ReplaceAll(field, "_", " "), spoken(before[field], names), spoken(now[field], names)})
	}
	return line
}

// acts are what verbs of events say of somebody.
var acts = map[string]string{
	"updated": "changed", "secret_rotated": "rotated the secret of", "rewound": "rewound", "rewind_cancelled": "cancelled a rewind of", "moved": "moved",
}

// nounNames are what nouns are called that are not called as their events call them.
var nounNames = map[string]string{"api_key": "API key", "webhook": "webhook endpoint", "user": "member"}

func nounName(noun string) string {
	return cmp.Or(nounNames[noun], strings.ReplaceAll(noun, "_", " "))
}

func did(noun, verb string) string {
	return cmp.Or(acts[verb], strings.ReplaceAll(verb, "_", " ")) + " the " + nounName(noun)
}

// audited are the nouns of the audit log, to choose from.
func audited() (options []form.Option) {
	for _, noun := range eventlog.Audited() {
		options = append(options, form.Option{Value: noun, Label: capital(nounName(noun))})
	}
	slices.SortFunc(options, func(a, b form.Option) int { return cmp.Compare(a.Label, b.Label) })
	return options
}

// longestSaid is how much of a value a line shows.
const longestSaid = 200

// spoken is a value as a line shows it, "" for none: names in the place of ids that
// have one.
func spoken(value json.RawMessage, names map[string]string) string {
	var text string
	var list []json.RawMessage
	switch {
	case len(value) == 0 || string(value) == "null":
		return ""
	case string(value) == "true":
		return "yes"
	case string(value) == "false":
		return "no"
	case json.Unmarshal(value, &text) == nil:
		text = cmp.Or(names[text], moment(text), text)
	case json.Unmarshal(value, &list) == nil:
		said := make([]string, 0, len(list))
		for _, item := range list {
			said = append(said, spoken(item, names))
		}
		text = strings.Join(said, ", ")
	default:
		text = string(value)
	}
	if utf8.RuneCountInString(text) > longestSaid {
		text = string([]rune(text)[:longestSaid]) + "…"
	}
	return text
}

// moment is a time of an event's data as people read it, "" if the text is none.
func moment(text string) string {
	var at parley.Time
	if len(text) != len("2026-11-20T10:00:00.000Z") || at.UnmarshalText([]byte(text)) != nil {
		return ""
	}
	return at.Std().UTC().Format("2 Jan 2006, 15:04 MST")
}
