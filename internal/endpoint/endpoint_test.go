package endpoint_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"parley"
	"parley/internal/account"
	"parley/internal/database"
	"parley/internal/endpoint"
	"parley/internal/eventlog"
	"parley/internal/noun"
	"parley/internal/outbound"
	"parley/internal/store"
	"parley/internal/testing/dbtest"
	"parley/internal/vault"
)

// house is an organization with the verbs of its endpoints.
type house struct {
	*endpoint.Endpoints
	db  *database.DB
	log *eventlog.Log
	by  parley.Caller
}

func newHouse(t *testing.T, db *database.DB) house {
	t.Helper()
	log := eventlog.New(db, slog.New(slog.NewTextHandler(t.Output(), nil)))
	founded, err := account.New(db, log).Found(t.Context(), account.Founding{
		Name: "Example", Email: "grace@example.com", Owner: "Grace", Password: "correct horse", Scopes: []parley.Scope{"*"},
	})
	if err != nil {
		t.Fatal(err)
	}
	by := parley.Caller{Organization: founded.Organization.ID, Actor: parley.System}
	return house{endpoint.New(db, log, outbound.Policy{}, vault.Ephemeral()), db, log, by}
}

func (h house) add(t *testing.T, start endpoint.Start) (parley.Webhook, outbound.Secret) {
	t.Helper()
	w, secret, err := h.Create(t.Context(), h.by, parley.Webhook{
		URL: "https://hooks.example.com/", EventTypes: []string{"*"}, Format: "standard", Ordering: "key",
		Retry: parley.Retry{Preset: "standard"}, TimeoutSeconds: 10, Headers: parley.Headers{"X-Token": "hush"},
	}, start)
	if err != nil {
		t.Fatal(err)
	}
	return w, secret
}

func (h house) publish(t *testing.T, n int) (last *parley.Event) {
	t.Helper()
	err := h.db.Write(t.Context(), h.by.Organization, func(ctx context.Context, tx *database.Tx) error {
		for range n {
			at, err := h.log.Next(ctx, tx)
			if err != nil {
				return err
			}
			draft, _ := parley.CustomEvent("custom.test", "k", json.RawMessage("{}"))
			if last, err = h.log.Append(ctx, tx, h.by, at, draft); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return last
}

// load is what the engine is given of an endpoint.
func (h house) load(t *testing.T, id parley.WebhookID) endpoint.Subscription {
	t.Helper()
	s, err := h.Load(t.Context(), endpoint.Name{Org: h.by.Organization, ID: id})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func inEach(t *testing.T, body func(t *testing.T, h house)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) { body(t, newHouse(t, db)) })
}

func TestAnEndpointBeginsWhereItIsAskedTo(t *testing.T) {
	inEach(t, func(t *testing.T, h house) {
		h.publish(t, 5)
		head := h.publish(t, 1).Sequence
		past := time.Now().Add(-time.Hour)
		for name, test := range map[string]struct {
			start endpoint.Start
			want  func(created int64) int64
		}{
			"now":        {endpoint.Start{}, func(created int64) int64 { return created }},
			"a sequence": {endpoint.Start{Sequence: new(head - 1)}, func(int64) int64 { return head - 2 }},
			"the first":  {endpoint.Start{Sequence: new(int64(0))}, func(int64) int64 { return 0 }},
			"a time":     {endpoint.Start{Time: &past}, func(int64) int64 { return 0 }},
		} {
			w, _ := h.add(t, test.start)
			if want := test.want(w.Sequence); w.Cursor != want || w.Lag != w.Sequence-want {
				t.Errorf("%s: cursor %d and lag %d, want %d and %d", name, w.Cursor, w.Lag, want, w.Sequence-want)
			}
			if got := h.load(t, w.ID); got.Cursor != w.Cursor {
				t.Errorf("%s: the engine begins at %d, the answer says %d", name, got.Cursor, w.Cursor)
			}
		}
	})
}

// The values of headers, and secrets, are shown to the engine and to nobody else,
// and are not in the database either.
func TestSecretsAreKept(t *testing.T) {
	inEach(t, func(t *testing.T, h house) {
		w, secret := h.add(t, endpoint.Start{})
		if got := h.load(t, w.ID); !slices.Equal(got.Secrets, []outbound.Secret{secret}) || got.Webhook.Headers["X-Token"] != "hush" {
			t.Errorf("the engine is given %v and %v", got.Secrets, got.Webhook.Headers)
		}
		got, err := h.Get(t.Context(), h.by.Organization, w.ID)
		if err != nil || got.Headers["X-Token"] == "hush" || w.Headers["X-Token"] == "hush" {
			t.Errorf("a header is shown: %v (%v)", got.Headers, err)
		}
		var headers, secrets string
		err = h.db.Read().QueryRow(t.Context(), "select headers, secrets from webhooks where id = $1", string(w.ID)).Scan(&headers, &secrets)
		if err != nil || strings.Contains(headers, "hush") || strings.Contains(secrets, string(secret)) {
			t.Errorf("in the database stand %s and %s (%v)", headers, secrets, err)
		}
	})
}

func TestASecretIsRotatedWithAnOverlap(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, dbtest.SQLite(t))
		w, first := h.add(t, endpoint.Start{})
		rotate := func(overlap time.Duration) outbound.Secret {
			t.Helper()
			_, secret, err := h.Rotate(t.Context(), h.by, w.ID, overlap)
			if err != nil {
				t.Fatal(err)
			}
			return secret
		}
		signs := func(want ...outbound.Secret) {
			t.Helper()
			if got := h.load(t, w.ID).Secrets; !slices.Equal(got, want) {
				t.Errorf("requests are signed with %d secrets, want %d: %v", len(got), len(want), got)
			}
		}
		second := rotate(24 * time.Hour)
		signs(second, first)
		if until := h.load(t, w.ID).Until; until != parley.Now().Add(24*time.Hour) {
			t.Errorf("a secret expires at %s", until)
		}
		time.Sleep(24*time.Hour - time.Second)
		signs(second, first)
		time.Sleep(time.Second)
		signs(second)

		third := rotate(time.Hour)
		fourth := rotate(48 * time.Hour)
		signs(fourth, third, second)
		time.Sleep(time.Hour)
		signs(fourth, third) // the shorter overlap stays as it was
		fifth := rotate(0)
		signs(fifth)

		for range 9 {
			fifth = rotate(time.Hour)
		}
		if got := h.load(t, w.ID).Secrets; len(got) != 5 || got[0] != fifth {
			t.Errorf("requests are signed with %d secrets", len(got))
		}
	})
}

// engine is told what happens, as the one that delivers would be.
type engine struct {
	told    []parley.WebhookID
	cursors map[parley.WebhookID]int64

	standings map[parley.WebhookID]endpoint.Standing
}

func (e *engine) Changed(_ parley.OrganizationID, id parley.WebhookID) { e.told = append(e.told, id) }

func (e *engine) Cursor(id parley.WebhookID) (seq, pass int64, ok bool) {
	seq, ok = e.cursors[id]
	return seq, 0, ok
}

func (e *engine) Standing(id parley.WebhookID, _ int64, _ string) (endpoint.Standing, bool) {
	s, ok := e.standings[id]
	return s, ok
}

func (e *engine) Verify(context.Context, parley.OrganizationID, parley.WebhookID) error { return nil }

func TestTheEngineIsToldOfEveryChange(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.SQLite(t))
	told := &engine{cursors: map[parley.WebhookID]int64{}}
	h.Serve(told)
	w, _ := h.add(t, endpoint.Start{})
	ctx := t.Context()
	for name, change := range map[string]func() error{
		"update": func() error {
			_, err := h.Update(ctx, h.by, w.ID, noun.AnyVersion, func(w *parley.Webhook) error { w.Description = "CRM"; return nil })
			return err
		},
		"pause":  func() error { _, err := h.Pause(ctx, h.by, w.ID); return err },
		"resume": func() error { _, err := h.Resume(ctx, h.by, w.ID, true); return err },
		"rotate": func() error { _, _, err := h.Rotate(ctx, h.by, w.ID, 0); return err },
		"redeliver": func() error {
			_, err := h.Redeliver(ctx, h.by, parley.NewDeliveryID(w.ID, h.publish(t, 1).Sequence))
			return err
		},
	} {
		told.told = nil
		if err := change(); err != nil || len(told.told) == 0 {
			t.Errorf("%s: the engine is told of %v (%v)", name, told.told, err)
		}
	}
	told.told = nil
	_, err := h.Update(ctx, h.by, w.ID, 1, func(*parley.Webhook) error { return nil })
	if parley.KindOf(err) != parley.Stale || len(told.told) > 0 {
		t.Errorf("the engine is told of %v, which failed: %v", told.told, err)
	}
	if err := h.Delete(ctx, h.by, w.ID); err != nil || len(told.told) != 1 {
		t.Errorf("delete: the engine is told of %v (%v)", told.told, err)
	}
}

// What an endpoint has behind it is told by the engine if it runs the endpoint, else
// by the cursor that is stored, for one endpoint as for a page of them.
func TestAnEndpointTellsHowFarItIs(t *testing.T) {
	inEach(t, func(t *testing.T, h house) {
		running := &engine{cursors: map[parley.WebhookID]int64{}}
		h.Serve(running)
		first, _ := h.add(t, endpoint.Start{})
		second, _ := h.add(t, endpoint.Start{})
		head := h.publish(t, 10).Sequence
		running.cursors[second.ID] = head - 3
		want := map[parley.WebhookID][2]int64{first.ID: {first.Sequence, head - first.Sequence}, second.ID: {head - 3, 3}}
		all, _, err := h.List(t.Context(), h.by.Organization, store.Page{Limit: 10}, store.Filter{})
		if err != nil || len(all) != 2 {
			t.Fatalf("the list has %d (%v)", len(all), err)
		}
		for _, w := range all {
			one, err := h.Get(t.Context(), h.by.Organization, w.ID)
			if err != nil {
				t.Fatal(err)
			}
			if got := [2]int64{w.Cursor, w.Lag}; got != want[w.ID] || one.Cursor != w.Cursor || one.Lag != w.Lag {
				t.Errorf("%s: cursor and lag are %v in the list, %d and %d alone, want %v", w.ID, got, one.Cursor, one.Lag, want[w.ID])
			}
		}
	})
}

func TestHealthChangesFromWhereItWas(t *testing.T) {
	inEach(t, func(t *testing.T, h house) {
		w, _ := h.add(t, endpoint.Start{})
		set := func(from, to parley.EndpointStatus) string {
			t.Helper()
			before, err := h.log.Head(t.Context(), h.by.Organization)
			if err != nil {
				t.Fatal(err)
			}
			if err := h.SetHealth(t.Context(), h.by.Organization, w.ID, from, to, "Because.", 0); err != nil {
				t.Fatal(err)
			}
			events, err := h.log.Read(t.Context(), h.by.Organization, before, 10)
			if err != nil {
				t.Fatal(err)
			}
			var types []string
			for _, e := range events {
				types = append(types, e.Type)
			}
			return strings.Join(types, " ")
		}
		for _, test := range []struct {
			from, to parley.EndpointStatus
			event    string
		}{
			{parley.EndpointFailing, parley.EndpointActive, ""},
			{parley.EndpointActive, parley.EndpointFailing, "webhook.failing"},
			{parley.EndpointActive, parley.EndpointFailing, ""},
			{parley.EndpointFailing, parley.EndpointActive, "webhook.recovered"},
			{parley.EndpointActive, parley.EndpointDisabled, "webhook.disabled"},
			{parley.EndpointActive, parley.EndpointFailing, ""},
		} {
			if got := set(test.from, test.to); got != test.event {
				t.Errorf("from %s to %s: %q, want %q", test.from, test.to, got, test.event)
			}
		}
		got, err := h.Get(t.Context(), h.by.Organization, w.ID)
		if err != nil || got.Status != parley.EndpointDisabled || got.StatusReason == nil || *got.StatusReason != "Because." {
			t.Errorf("the endpoint is %s because %v (%v)", got.Status, got.StatusReason, err)
		}
		if err := h.SetHealth(t.Context(), h.by.Organization, parley.NewID[parley.WebhookID](), parley.EndpointActive, parley.EndpointFailing, "x", 0); err != nil {
			t.Errorf("one that is deleted: %v", err)
		}
	})
}

func TestADeletedEndpointLeavesNothing(t *testing.T) {
	inEach(t, func(t *testing.T, h house) {
		w, _ := h.add(t, endpoint.Start{})
		delivery := parley.NewDeliveryID(w.ID, h.publish(t, 1).Sequence)
		if _, err := h.Redeliver(t.Context(), h.by, delivery); err != nil {
			t.Fatal(err)
		}
		if err := h.Delete(t.Context(), h.by, w.ID); err != nil {
			t.Fatal(err)
		}
		for _, table := range []string{"webhooks", "attempts", "cursors"} {
			var n int
			if err := h.db.Read().QueryRow(t.Context(), "select count(*) from "+table).Scan(&n); err != nil || n != 0 {
				t.Errorf("%s has %d rows (%v)", table, n, err)
			}
		}
		if _, err := h.Delivery(t.Context(), h.by.Organization, delivery); parley.KindOf(err) != parley.NotFound {
			t.Errorf("its delivery: %v, want NotFound", err)
		}
	})
}
