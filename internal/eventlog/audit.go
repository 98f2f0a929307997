package eventlog

import (
	"context"
	"strconv"
	"time"

	"parley"
	"parley/internal/store"
)

// Audited are the nouns whose events are changes of configuration and of access.
func Audited() []string {
	return []string{
		"organization", "user", "team", "api_key", "inbox", "label", "canned_response", "custom_field", "webhook",
		"portal", "category", "pipeline",
	}
}

// unaudited are types of their events that tell how an endpoint fares, or of a test.
var unaudited = []string{
	parley.WebhookTested.Name(), "webhook.failing", "webhook.recovered", "webhook.events_missed", "webhook.verified",
}

// Audit chooses entries of the audit log. What is empty does not matter.
type Audit struct {
	Nouns []string // of Audited; others find nothing
	Actor string   // the id of a user or an API key
	Since parley.Time
	Until parley.Time // before it
}

// AuditLog reads a page of the audit log: who changed an organization's configuration
// or access to it, and how, the newest first. It is the log of events, of which it
// shows those of some nouns that people and API keys caused, and those of the
// organization's contacts being erased. No index serves it: like [store.Filter.Search]
// it goes through so many events for a page and no more, which may end before it is
// full, or have none; next is then still the cursor of the page that follows.
func (l *Log) AuditLog(ctx context.Context, org parley.OrganizationID, a Audit, cursor string, limit int) (entries []*parley.Event, next string, err error) {
	list := store.ListName("audit", org, a)
	head, err := l.Head(ctx, org)
	if err != nil {
		return nil, "", err
	}
	before := head + 1
	if cursor != "" {
		if before, err = store.DecodeSequence(list, cursor); err != nil {
			return nil, "", err
		}
	}
	first, err := l.Oldest(ctx, org)
	if err != nil {
		return nil, "", err
	}
	if a.Since != 0 {
		older, err := l.Before(ctx, org, a.Since.Std())
		if err != nil {
			return nil, "", err
		}
		first = max(first, older+1)
	}
	begun := time.Now()
	for read := 0; before > first && first > 0; read += store.SearchStretch {
		if read >= store.SearchMost || read > 0 && time.Since(begun) > store.SearchLong {
			return entries, store.EncodeCursor(list, strconv.FormatInt(before, 10)), nil
		}
		from := max(first, before-store.SearchStretch)
		f := a.filter()
		f.And("seq >= ? and seq < ?", from, before)
		found, err := l.Query(ctx, org, f, true, limit+1-len(entries))
		if err != nil {
			return nil, "", err
		}
		if entries = append(entries, found...); len(entries) > limit {
			entries = entries[:limit]
			return entries, store.EncodeCursor(list, strconv.FormatInt(entries[limit-1].Sequence, 10)), nil
		}
		before = from
	}
	return entries, "", nil
}

func (a Audit) filter() store.Filter {
	var patterns []string
	known := map[string]bool{}
	for _, noun := range Audited() {
		known[noun] = true
	}
	nouns := a.Nouns
	if len(nouns) == 0 {
		nouns = Audited()
		patterns = append(patterns, parley.ContactErased.Name())
	}
	for _, noun := range nouns {
		if known[noun] {
			patterns = append(patterns, noun+".*")
		}
	}
	var f store.Filter
	if len(patterns) == 0 {
		return store.Where("1 = 0")
	}
	f.And("actor_type in ('user', 'api_key')")
	f.Either(store.OfTypes("type", patterns))
	for _, t := range unaudited {
		f.And("type <> ?", t)
	}
	if a.Actor != "" {
		f.And("actor_id = ?", a.Actor)
	}
	if a.Until != 0 {
		f.And("created_at < ?", int64(a.Until))
	}
	return f
}
