package eventlog_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"parley"
	"parley/internal/database"
	"parley/internal/eventlog"
	"parley/internal/testing/dbtest"
)

// publish appends an event, and gives it.
func (p process) publish(t testing.TB, by parley.Caller, name, key, data string) (e *parley.Event) {
	t.Helper()
	err := p.db.Write(t.Context(), by.Organization, func(ctx context.Context, tx *database.Tx) error {
		at, err := p.log.Next(ctx, tx)
		if err != nil {
			return err
		}
		draft, _ := parley.CustomEvent("custom."+name, key, json.RawMessage(data))
		e, err = p.log.Append(ctx, tx, by, at, draft)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// What a search finds in the database and what its filter lets through are the same.
func TestASearchFindsWhatItsFilterLetsThrough(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		p := newProcess(t, db)
		org := p.found(t)
		ada, bob := string(parley.NewID[parley.ContactID]()), string(parley.NewID[parley.ContactID]())
		user := parley.Caller{Organization: org, Actor: parley.Actor{Type: "user", ID: "user_1"}}
		key := parley.Caller{Organization: org, Actor: parley.Actor{Type: "api_key", ID: "key_1"}}
		all := []*parley.Event{
			p.publish(t, user, "a", ada, `{}`),
			p.publish(t, user, "a", "conv_1", `{"contact":{"id":"`+ada+`"}}`),
			p.publish(t, key, "b", "conv_1", `{"contact":{"id":"`+bob+`"}}`),
			p.publish(t, key, "b", "conv_2", `{"contact_id":"`+ada+`"}`), // names it only
			p.publish(t, key, "b", "x%", `{"id":"x%"}`),
			p.publish(t, key, "b", "xy", `{"id":"xy"}`),
		}
		for name, test := range map[string]struct {
			filter eventlog.Filter
			want   []int64
		}{
			"everything":            {eventlog.Filter{}, []int64{1, 2, 3, 4, 5, 6}},
			"a type":                {eventlog.Filter{Types: parley.Patterns{"custom.a"}}, []int64{1, 2}},
			"a pattern":             {eventlog.Filter{Types: parley.Patterns{"custom.*"}}, []int64{1, 2, 3, 4, 5, 6}},
			"an actor":              {eventlog.Filter{ActorType: "user"}, []int64{1, 2}},
			"an actor's id":         {eventlog.Filter{ActorID: "key_1"}, []int64{3, 4, 5, 6}},
			"an actor of another":   {eventlog.Filter{ActorType: "user", ActorID: "key_1"}, nil},
			"a key":                 {eventlog.Filter{Object: "conv_1"}, []int64{2, 3}},
			"an object":             {eventlog.Filter{Object: ada}, []int64{1, 2}},
			"a key like a wildcard": {eventlog.Filter{Object: "x%"}, []int64{5}},
			"all of it":             {eventlog.Filter{Types: parley.Patterns{"custom.b"}, ActorType: "api_key", Object: bob}, []int64{3}},
			"an inbox":              {eventlog.Filter{Inbox: "inbox_1"}, nil},
		} {
			for _, newestFirst := range []bool{false, true} {
				want := slices.Clone(test.want)
				if newestFirst {
					slices.Reverse(want)
				}
				var got []int64
				s := eventlog.Search{Filter: test.filter, NewestFirst: newestFirst, Limit: 2}
				for more := true; more; more = s.Cursor != "" {
					events, next, err := p.log.Search(t.Context(), org, s)
					if err != nil {
						t.Fatal(err)
					}
					got, s.Cursor = append(got, sequences(events)...), next
				}
				if !slices.Equal(got, want) {
					t.Errorf("%s, newest first %v: %v, want %v", name, newestFirst, got, want)
				}
			}
			for _, e := range all {
				if test.filter.Match(e) != slices.Contains(test.want, e.Sequence) {
					t.Errorf("%s: the filter says the opposite of event %d", name, e.Sequence)
				}
			}
		}
		third := all[2].CreatedAt.Std()
		for _, newestFirst := range []bool{false, true} {
			events, _, err := p.log.Search(t.Context(), org, eventlog.Search{Until: &third, NewestFirst: newestFirst, Limit: 10})
			if err != nil || slices.ContainsFunc(events, func(e *parley.Event) bool { return !e.CreatedAt.Std().Before(third) }) {
				t.Errorf("until a time, newest first %v: %v, %v", newestFirst, sequences(events), err)
			}
		}
		if _, _, err := p.log.Search(t.Context(), org, eventlog.Search{Cursor: "x", Limit: 1}); parley.KindOf(err) != parley.Invalid {
			t.Errorf("a cursor that is none: %v", err)
		}
	})
}

func TestCausesAndEffectsAreFound(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		p := newProcess(t, db)
		org := p.found(t)
		by := parley.Caller{Organization: org, Actor: parley.System}
		chain := []*parley.Event{p.publish(t, by, "root", "k", `{}`)}
		for depth := range 12 {
			by.Cause = &parley.Cause{EventID: chain[depth].ID, RuleID: fmt.Sprint("rule_", depth), Depth: depth + 1}
			chain = append(chain, p.publish(t, by, "next", "k", `{}`))
			p.append(t, org, 1) // in between, and of no concern
		}
		by.Cause = &parley.Cause{EventID: chain[0].ID, RuleID: "rule_x", Depth: 1}
		late := p.publish(t, by, "late", "k", `{}`)

		r := p.related(t, org, chain[0].ID)
		if len(r.Causes) != 0 || r.CausesCut || r.EffectsCut || !slices.Equal(sequences(r.Effects), []int64{chain[1].Sequence, late.Sequence}) {
			t.Errorf("the root: %+v", r)
		}
		r = p.related(t, org, chain[3].ID)
		if want := []int64{chain[2].Sequence, chain[1].Sequence, chain[0].Sequence}; !slices.Equal(sequences(r.Causes), want) || r.CausesCut ||
			!slices.Equal(sequences(r.Effects), []int64{chain[4].Sequence}) {
			t.Errorf("the third: %+v", r)
		}
		if r := p.related(t, org, chain[10].ID); len(r.Causes) != 10 || r.CausesCut {
			t.Errorf("the tenth has %d causes, cut: %v", len(r.Causes), r.CausesCut)
		}
		if r := p.related(t, org, chain[12].ID); len(r.Causes) != 10 || !r.CausesCut || len(r.Effects) != 0 {
			t.Errorf("the last has %d causes, cut: %v", len(r.Causes), r.CausesCut)
		}
		for range 100 {
			p.publish(t, by, "many", "k", `{}`)
		}
		if r := p.related(t, org, chain[0].ID); len(r.Effects) != 100 || !r.EffectsCut {
			t.Errorf("of many effects there are %d, cut: %v", len(r.Effects), r.EffectsCut)
		}
		p.exec(t, org, "delete from events where org_id = $1 and seq = $2", string(org), chain[1].Sequence)
		if r := p.related(t, org, chain[3].ID); len(r.Causes) != 1 || !r.CausesCut {
			t.Errorf("a cause that is no longer kept: %+v", r)
		}
		if _, err := p.log.Related(t.Context(), p.found(t), chain[0].ID); parley.KindOf(err) != parley.NotFound {
			t.Errorf("another organization's: %v", err)
		}
	})
}

func (p process) related(t testing.TB, org parley.OrganizationID, id parley.EventID) eventlog.Related {
	t.Helper()
	r, err := p.log.Related(t.Context(), org, id)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
