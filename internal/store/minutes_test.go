package store_test

import (
	"context"
	"testing"

	"parley"
	"parley/internal/database"
	"parley/internal/store"
)

const aMinute = 60_000

// count writes a minute in which so many were delivered in so many microseconds.
func (s shelf) count(t *testing.T, org parley.OrganizationID, webhook parley.WebhookID, at parley.Time, part string, delivered int, us int64) {
	t.Helper()
	m := store.Minute{Org: org, Webhook: webhook, At: at, Part: part, Delivered: int64(delivered), Retried: 2, Failed: 1, Lag: int64(delivered)}
	for range delivered {
		m.Latencies.Add(us)
	}
	err := s.Record(t.Context(), func(ctx context.Context, tx *database.Tx) error {
		store.SaveMinute(ctx, tx, &m)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (s shelf) minutes(t *testing.T, org parley.OrganizationID, webhook parley.WebhookID, since, until parley.Time) (all []store.Minute) {
	t.Helper()
	err := store.EachMinute(t.Context(), s.Read(), org, webhook, since, until, func(m *store.Minute) { all = append(all, *m) })
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func (s shelf) endpoint(t *testing.T, org parley.OrganizationID, seq int64) parley.WebhookID {
	t.Helper()
	w := parley.Webhook{URL: "https://example.com/"}
	s.write(t, org, func(ctx context.Context, tx *database.Tx) error {
		store.Webhooks.Stamp(&w, seq, 1000)
		store.Webhooks.Insert(ctx, tx, org, &w)
		return nil
	})
	return w.ID
}

func TestMinutesAreWrittenOverByTheirOwnPartOnly(t *testing.T) {
	inEach(t, func(t *testing.T, s shelf) {
		id := s.endpoint(t, s.org, 1)
		s.count(t, s.org, id, 2*aMinute, "a", 3, 200)
		s.count(t, s.org, id, 2*aMinute, "a", 5, 200)
		s.count(t, s.org, id, 2*aMinute, "b", 7, 400)
		s.count(t, s.org, id, 1*aMinute, "b", 9, 100)
		s.count(t, s.org, id, 3*aMinute, "b", 11, 100)

		all := s.minutes(t, s.org, id, aMinute, 3*aMinute)
		if len(all) != 3 {
			t.Fatalf("there are %d, want those of [1, 3): %+v", len(all), all)
		}
		for i, want := range []struct {
			at        parley.Time
			part      string
			delivered int64
			latencies string
		}{{aMinute, "b", 9, "100:9"}, {2 * aMinute, "a", 5, "200:5"}, {2 * aMinute, "b", 7, "400:7"}} {
			m := all[i]
			if m.At != want.at || m.Part != want.part || m.Delivered != want.delivered || m.Latencies.String() != want.latencies ||
				m.Retried != 2 || m.Failed != 1 || m.Lag != want.delivered {
				t.Errorf("minute %d is %+v, want %+v", i, m, want)
			}
		}
		if others := s.minutes(t, s.other, id, 0, 9*aMinute); len(others) > 0 {
			t.Errorf("another organization sees %+v", others)
		}
	})
}

func TestAnEndpointThatIsGoneHasNoMinutes(t *testing.T) {
	inEach(t, func(t *testing.T, s shelf) {
		id, stays := s.endpoint(t, s.org, 1), s.endpoint(t, s.org, 2)
		s.count(t, s.org, id, aMinute, "a", 1, 100)
		s.count(t, s.org, stays, aMinute, "a", 1, 100)
		s.write(t, s.org, func(ctx context.Context, tx *database.Tx) error {
			store.Webhooks.Delete(ctx, tx, s.org, string(id))
			return store.ForgetMinutes(ctx, tx, s.org, id)
		})
		s.count(t, s.org, id, 2*aMinute, "a", 1, 100)
		if left := s.minutes(t, s.org, id, 0, 9*aMinute); len(left) > 0 {
			t.Errorf("it has %+v", left)
		}
		if left := s.minutes(t, s.org, stays, 0, 9*aMinute); len(left) != 1 {
			t.Errorf("the other one has %d", len(left))
		}
	})
}

func TestOldMinutesAreDeletedAFewAtATime(t *testing.T) {
	inEach(t, func(t *testing.T, s shelf) {
		first, second, others := s.endpoint(t, s.org, 1), s.endpoint(t, s.org, 2), s.endpoint(t, s.other, 1)
		for minute := range parley.Time(6) {
			s.count(t, s.org, first, minute*aMinute, "a", 1, 100)
			s.count(t, s.org, second, minute*aMinute, "a", 1, 100)
			s.count(t, s.other, others, minute*aMinute, "a", 1, 100)
		}
		var deleted []int
		for range 4 {
			s.write(t, s.org, func(ctx context.Context, tx *database.Tx) error {
				n, err := store.DeleteMinutes(ctx, tx, s.org, 4*aMinute, 3)
				deleted = append(deleted, n)
				return err
			})
		}
		if want := [4]int{3, 3, 2, 0}; [4]int(deleted) != want {
			t.Errorf("the four times deleted %v, want %v", deleted, want)
		}
		for id, org := range map[parley.WebhookID]parley.OrganizationID{first: s.org, second: s.org} {
			if left := s.minutes(t, org, id, 0, 9*aMinute); len(left) != 2 || left[0].At != 4*aMinute {
				t.Errorf("left are %+v", left)
			}
		}
		if left := s.minutes(t, s.other, others, 0, 9*aMinute); len(left) != 6 {
			t.Errorf("another organization has %d left", len(left))
		}
	})
}

func TestHeadsAreThoseOfAllOrganizations(t *testing.T) {
	inEach(t, func(t *testing.T, s shelf) {
		s.write(t, s.org, func(ctx context.Context, tx *database.Tx) error {
			_, err := tx.NextSequence(ctx)
			return err
		})
		heads, err := store.Heads(t.Context(), s.Read())
		if err != nil || len(heads) != 2 || heads[s.org] != 1 || heads[s.other] != 0 {
			t.Errorf("the heads are %v (%v)", heads, err)
		}
	})
}
