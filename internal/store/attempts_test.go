package store_test

import (
	"context"
	"slices"
	"testing"

	"parley"
	"parley/internal/database"
	"parley/internal/store"
)

// try records an attempt of the delivery of an event.
func (s shelf) try(t *testing.T, webhook parley.WebhookID, seq int64, number int, state parley.DeliveryStatus, next parley.Time) {
	t.Helper()
	s.write(t, s.org, func(ctx context.Context, tx *database.Tx) error {
		store.InsertAttempt(ctx, tx, &store.Attempt{
			Org: s.org, Webhook: webhook, Seq: seq, Number: number, First: number == 1, State: state,
			At: parley.Time(1000 * number), StatusCode: 500, NextAt: next, Step: number,
		})
		return nil
	})
}

// event adds the event that a delivery is of.
func (s shelf) event(t *testing.T, seq int64) {
	t.Helper()
	s.write(t, s.org, func(ctx context.Context, tx *database.Tx) error {
		_, err := tx.Exec(ctx, `
			insert into events (org_id, seq, id, type, inbox_id, key, actor_type, actor_id, created_at, data)
			values ($1, $2, $3, 'custom.test', '', 'k', 'system', 'system', 0, '{}')`,
			string(s.org), seq, string(parley.NewEventID(seq)))
		return err
	})
}

func TestTheLastAttemptTellsHowADeliveryStands(t *testing.T) {
	inEach(t, func(t *testing.T, s shelf) {
		webhook := parley.NewID[parley.WebhookID]()
		for seq := range int64(4) {
			s.event(t, seq+1)
		}
		s.try(t, webhook, 1, 1, parley.Delivered, 0)
		s.try(t, webhook, 2, 1, parley.Retrying, 5000)
		s.try(t, webhook, 2, 2, parley.Retrying, 9000)
		s.try(t, webhook, 3, 1, parley.Retrying, 7000)
		s.try(t, webhook, 4, 1, parley.Retrying, 6000)
		s.try(t, webhook, 4, 2, parley.Failed, 0)

		statuses := func(status string, types parley.Patterns, before int64, limit int) (got []string) {
			ds, err := store.Deliveries(t.Context(), s.Read(), s.org, webhook, status, types, 0, before, limit)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range ds {
				got = append(got, string(d.Status))
			}
			return got
		}
		if got, want := statuses("", nil, 0, 10), []string{"failed", "retrying", "retrying", "delivered"}; !slices.Equal(got, want) {
			t.Errorf("all: %v, want %v", got, want)
		}
		if got := statuses("retrying", nil, 0, 10); len(got) != 2 {
			t.Errorf("retrying: %v", got)
		}
		if got := statuses("", nil, 3, 1); !slices.Equal(got, []string{"retrying"}) {
			t.Errorf("the one before 3: %v", got)
		}
		if got := statuses("", parley.Patterns{"custom.other", "conversation.*"}, 0, 10); len(got) > 0 {
			t.Errorf("of other types: %v", got)
		}
		if got := statuses("failed", parley.Patterns{"conversation.*", "custom.*"}, 0, 10); len(got) != 1 {
			t.Errorf("failed, of a type that matches a pattern: %v", got)
		}

		waiting, err := store.Waiting(t.Context(), s.Read(), s.org, webhook, 10)
		if err != nil || len(waiting) != 2 || waiting[0].Seq != 3 || waiting[1].Seq != 2 || waiting[1].Number != 2 {
			t.Errorf("waiting, the soonest first: %+v (%v)", waiting, err)
		}
		done, err := store.DoneBeyond(t.Context(), s.Read(), s.org, webhook, store.Position{Cursor: 1}, 10)
		if err != nil || !slices.Equal(done, []int64{2, 3, 4}) {
			t.Errorf("beyond 1: %v (%v)", done, err)
		}
		attempts, err := store.AttemptsOf(t.Context(), s.Read(), s.org, webhook, 4)
		if err != nil || len(attempts) != 2 || attempts[0].State != "past" || attempts[1].State != parley.Failed {
			t.Errorf("the attempts: %+v (%v)", attempts, err)
		}
		d := store.Delivery(attempts, &parley.Event{ID: "evt_x", Type: "custom.test"})
		if d.Status != parley.Failed || d.AttemptCount != 2 || len(d.Attempts) != 2 || *d.StatusCode != 500 || d.NextAttemptAt != nil {
			t.Errorf("the delivery: %+v", d)
		}
		if none, err := store.AttemptsOf(t.Context(), s.Read(), s.other, webhook, 4); len(none) > 0 || err != nil {
			t.Errorf("another organization sees %v (%v)", none, err)
		}
	})
}

func TestRetriesAreHurriedAndAbandoned(t *testing.T) {
	inEach(t, func(t *testing.T, s shelf) {
		webhook := parley.NewID[parley.WebhookID]()
		for seq := range int64(3) {
			s.try(t, webhook, seq+1, int(seq)+1, parley.Retrying, 90_000)
		}
		s.write(t, s.org, func(ctx context.Context, tx *database.Tx) error {
			return store.HurryRetries(ctx, tx, s.org, webhook, 2000, 50_000)
		})
		waiting, err := store.Waiting(t.Context(), s.Read(), s.org, webhook, 10)
		var next []parley.Time
		for _, a := range waiting {
			next = append(next, a.NextAt)
		}
		if err != nil || !slices.Equal(next, []parley.Time{50_000, 50_000, 90_000}) {
			t.Errorf("they are due at %v (%v)", next, err)
		}
		s.write(t, s.org, func(ctx context.Context, tx *database.Tx) error {
			return store.AbandonRetries(ctx, tx, s.org, webhook)
		})
		if waiting, err := store.Waiting(t.Context(), s.Read(), s.org, webhook, 10); len(waiting) > 0 || err != nil {
			t.Errorf("%d still wait (%v)", len(waiting), err)
		}
	})
}

func TestAnEndpointIsFoundByItsDeliveriesIDs(t *testing.T) {
	inEach(t, func(t *testing.T, s shelf) {
		w := insert(t, s, store.Webhooks, 1, parley.Webhook{URL: "https://example.com/"})
		insert(t, s, store.Webhooks, 2, parley.Webhook{URL: "https://example.com/"})
		if id, err := store.WebhookByTail(t.Context(), s.Read(), s.org, w.ID.Tail()); id != w.ID || err != nil {
			t.Errorf("found %q (%v), want %s", id, err, w.ID)
		}
		for org, tail := range map[parley.OrganizationID]string{s.other: w.ID.Tail(), s.org: "0000000000000000"} {
			if id, err := store.WebhookByTail(t.Context(), s.Read(), org, tail); id != "" || err != nil {
				t.Errorf("found %q (%v)", id, err)
			}
		}
	})
}
