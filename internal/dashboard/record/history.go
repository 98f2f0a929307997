package record

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"parley"
	"parley/internal/dashboard/names"
	"parley/internal/dashboard/page"
	"parley/internal/dashboard/ui"
	"parley/internal/eventlog"
)

// How many events a history has: beside an object, and on a page of its own.
const (
	historyBeside = 10
	historyPage   = 50
)

// history is what the log tells of an object.
type history struct {
	Entries []entry
	Known   names.Names
	All     string // the address of the whole history
	Begin   string
	Next    string
	Live    string // the id whose events change it
}

// entry is one event of a history.
type entry struct {
	Event   parley.EventID
	At      parley.Time
	Actor   parley.Actor
	What    string // "completed it"
	Changes []change
}

// change is what became of a field.
type change struct {
	Label         string
	Before, After Value
}

// history answers with the history of an object: beside it if htmx asks, else as a page.
func (k *Kind[T]) history(r *page.Request) error {
	obj, err := k.get(r)
	if err != nil {
		return err
	}
	if r.Partial() {
		h, err := k.past(r, obj, historyBeside, "")
		if err != nil {
			return err
		}
		return r.Part(historyPart(h))
	}
	h, err := k.past(r, obj, historyPage, r.Query("cursor"))
	if err != nil {
		return err
	}
	h.All = ""
	if r.Query("cursor") != "" {
		h.Begin = r.With()
	}
	show := k.show()
	show.Title = "History of " + k.called(obj)
	return r.Page(show, historyWhole(k.called(obj), []ui.Link{k.crumb(), {Text: k.called(obj), URL: k.at(k.id(&obj))}}, h))
}

// past is what the log tells of an object, the newest first.
func (k *Kind[T]) past(r *page.Request, obj T, limit int, cursor string) (h history, err error) {
	id := k.id(&obj)
	h = history{All: k.at(id) + "/history", Live: id}
	made := field(obj, "created_at").Interface().(parley.Time).Std()
	events, next, err := r.Site.Log.Search(r.Context(), r.Org(), eventlog.Search{
		Filter: k.events(id), Since: &made, NewestFirst: true, Limit: limit, Cursor: cursor,
	})
	if err != nil && parley.KindOf(err) != parley.Gone { // then what is left of the log has been read
		return h, err
	}
	if next != "" {
		h.Next = r.With("cursor", next)
	}
	h.Entries, h.Known, err = k.entries(r, events)
	return h, err
}

// events are those of an object.
func (k *Kind[T]) events(id string) eventlog.Filter {
	return eventlog.Filter{Types: parley.Patterns{k.Noun + ".*"}, Object: id}
}

// entries are events as a history tells them.
func (k *Kind[T]) entries(r *page.Request, events []*parley.Event) (entries []entry, known names.Names, err error) {
	defined, err := k.defined(r)
	if err != nil {
		return nil, nil, err
	}
	var ids []string
	for _, e := range events {
		one := entry{Event: e.ID, At: e.CreatedAt, Actor: e.Actor, What: what(e.Type), Changes: k.changes(e, defined)}
		ids = append(ids, e.Actor.ID)
		for _, c := range one.Changes {
			ids = append(ids, c.Before.id, c.After.id)
		}
		entries = append(entries, one)
	}
	known, err = r.Names(r.Context(), slices.DeleteFunc(ids, func(id string) bool { return id == "" })...)
	return entries, known, err
}

// what says what an event tells of, after the name of who did it.
func what(eventType string) string {
	_, verb, _ := strings.Cut(eventType, ".")
	switch verb {
	case "created", "requested":
		return "made it"
	case "updated":
		return "changed it"
	case "stage_changed":
		return "moved it"
	case "merged":
		return "merged another into it"
	}
	return strings.ReplaceAll(verb, "_", " ") + " it"
}

// follows are fields that change with the status, which says it.
var follows = []string{"completed_at", "closed_at", "cancelled_at", "published_at"}

// changes are what an event changed, in the order of the names of fields.
func (k *Kind[T]) changes(e *parley.Event, defined []parley.CustomField) (all []change) {
	var data map[string]json.RawMessage
	var before, after map[string]json.RawMessage
	if json.Unmarshal(e.Data, &data) != nil || json.Unmarshal(data["previous"], &before) != nil || json.Unmarshal(data[k.Noun], &after) != nil {
		return nil // an event that has neither
	}
	for _, name := range slices.Sorted(maps.Keys(before)) {
		switch {
		case slices.Contains(follows, name), bytes.Equal(before[name], after[name]):
		case name == "custom_fields" || name == "variables":
			all = append(all, members(before[name], after[name], defined)...)
		default:
			all = append(all, change{k.label(name), told(name, before), told(name, after)})
		}
	}
	return all
}

// members are the changes of named values.
func members(before, after json.RawMessage, defined []parley.CustomField) (all []change) {
	var old, now map[string]json.RawMessage
	if json.Unmarshal(before, &old) != nil || json.Unmarshal(after, &now) != nil {
		return nil
	}
	both := maps.Clone(now)
	if both == nil {
		both = map[string]json.RawMessage{}
	}
	maps.Copy(both, old)
	for _, key := range slices.Sorted(maps.Keys(both)) {
		if bytes.Equal(old[key], now[key]) {
			continue
		}
		name := key
		if i := slices.IndexFunc(defined, func(d parley.CustomField) bool { return d.Key == key }); i >= 0 {
			name = defined[i].Name
		}
		all = append(all, change{name, plainValue(old[key]), plainValue(now[key])})
	}
	return all
}

// told is what an event tells of a field.
func told(name string, of map[string]json.RawMessage) Value {
	raw := of[name]
	var text, currency string
	var amount int64
	var at parley.Time
	var list []json.RawMessage
	switch {
	case len(raw) == 0 || string(raw) == "null":
		return Value{}
	case name == "amount" && json.Unmarshal(raw, &amount) == nil && json.Unmarshal(of["currency"], &currency) == nil:
		return Money(amount, currency)
	case json.Unmarshal(raw, &text) == nil && names.NounOf(text) != "" && strings.HasSuffix(name, "_id"):
		return Ref(text)
	case strings.HasSuffix(name, "_at") && at.UnmarshalText([]byte(text)) == nil:
		return At(at)
	case json.Unmarshal(raw, &list) == nil:
		return Text(ui.Plural(len(list), "entry", "entries"))
	case text != "":
		return Text(shortened(text))
	}
	return plainValue(raw)
}

// longestTold is how much of a text a history tells.
const longestTold = 160

func shortened(text string) string {
	if runes := []rune(text); len(runes) > longestTold {
		return string(runes[:longestTold]) + "…"
	}
	return text
}
