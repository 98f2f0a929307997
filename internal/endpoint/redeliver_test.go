package endpoint_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"parley"
	"parley/internal/database"
	"parley/internal/endpoint"
	"parley/internal/store"
)

// retrying are the events that an endpoint is to be sent again, in that order.
func (h house) retrying(t *testing.T, id parley.WebhookID) (seqs []int64) {
	t.Helper()
	waiting, err := h.Waiting(t.Context(), endpoint.Name{Org: h.by.Organization, ID: id}, 100_000)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range waiting {
		if a.NextAt > parley.Now() || a.Step != endpoint.LastStep {
			t.Errorf("event %d waits until %s at step %d", a.Seq, a.NextAt, a.Step)
		}
		seqs = append(seqs, a.Seq)
	}
	return seqs
}

func TestFailedDeliveriesAreMadeAgain(t *testing.T) {
	inEach(t, func(t *testing.T, h house) {
		w, _ := h.add(t, endpoint.Start{})
		other, _ := h.add(t, endpoint.Start{})
		last := h.publish(t, 8).Sequence
		a := last - 7 // the first
		early := parley.Now().Add(-time.Hour)
		between := parley.Now().Add(-time.Minute)
		for seq, try := range map[int64]store.Attempt{
			a:     {Number: 9, State: parley.Failed, StatusCode: 500, Error: "x", At: early},
			a + 1: {Number: 1, State: parley.Delivered, StatusCode: 200, At: early},
			a + 2: {Number: 9, State: parley.Failed, StatusCode: 404, Error: "x", At: early},
			a + 3: {Number: 9, State: parley.Failed, Error: "x", At: early},
			a + 4: {Number: 2, State: parley.Failed, StatusCode: 500, Error: "x"},
			a + 5: {Number: 1, State: parley.Failed, Error: "x"},
			a + 6: {Number: 1, State: parley.Failed, StatusCode: 500, Error: "x"},
		} {
			h.tried(t, w.ID, seq, try)
		}
		h.tried(t, w.ID, a+4, store.Attempt{Number: 1, State: "past", StatusCode: 404, Error: "x", At: early})
		h.tried(t, w.ID, a+4, store.Attempt{Number: 2, State: parley.Failed, StatusCode: 500, Error: "x"})
		h.tried(t, w.ID, last+1000, store.Attempt{Number: 1, State: parley.Failed, Error: "its event is gone"})
		h.tried(t, other.ID, a, store.Attempt{Number: 1, State: parley.Failed, Error: "x"})

		for name, test := range map[string]struct {
			which store.Failures
			limit int
			want  endpoint.Redelivered
		}{
			"all":                    {store.Failures{}, 100, endpoint.Redelivered{Count: 6}},
			"as many as there are":   {store.Failures{}, 6, endpoint.Redelivered{Count: 6}},
			"some":                   {store.Failures{}, 5, endpoint.Redelivered{Count: 5, More: true}},
			"since":                  {store.Failures{Since: &between}, 100, endpoint.Redelivered{Count: 3}},
			"until":                  {store.Failures{Until: &between}, 100, endpoint.Redelivered{Count: 3}},
			"between":                {store.Failures{Since: &early, Until: &early}, 100, endpoint.Redelivered{}},
			"status":                 {store.Failures{StatusCodes: []int{500}}, 100, endpoint.Redelivered{Count: 3}},
			"status or none":         {store.Failures{StatusCodes: []int{0, 404}}, 100, endpoint.Redelivered{Count: 3}},
			"type":                   {store.Failures{Types: []string{"custom.test"}}, 100, endpoint.Redelivered{Count: 6}},
			"pattern":                {store.Failures{Types: []string{"contact.*", "custom.*"}}, 100, endpoint.Redelivered{Count: 6}},
			"every type":             {store.Failures{Types: []string{"*"}}, 100, endpoint.Redelivered{Count: 6}},
			"another type":           {store.Failures{Types: []string{"custom.t", "customXtest"}}, 100, endpoint.Redelivered{}},
			"everything at the same": {store.Failures{Since: &between, StatusCodes: []int{500}, Types: []string{"custom.*"}}, 1, endpoint.Redelivered{Count: 1, More: true}},
		} {
			got, err := h.RedeliverFailed(t.Context(), h.by, w.ID, test.which, test.limit, true)
			if err != nil || got != test.want {
				t.Errorf("%s: %+v (%v), want %+v", name, got, err, test.want)
			}
		}
		if got := h.retrying(t, w.ID); len(got) > 0 {
			t.Errorf("what is only counted is to be sent: %v", got)
		}

		told := &engine{}
		h.Serve(told)
		got, err := h.RedeliverFailed(t.Context(), h.by, w.ID, store.Failures{StatusCodes: []int{500}}, 2, false)
		if want := []int64{a, a + 4}; err != nil || got != (endpoint.Redelivered{Count: 2, More: true}) || !slices.Equal(h.retrying(t, w.ID), want) {
			t.Errorf("the first two: %+v (%v), and %v wait, want %v", got, err, h.retrying(t, w.ID), want)
		}
		if !slices.Equal(told.told, []parley.WebhookID{w.ID}) {
			t.Errorf("the engine is told of %v", told.told)
		}
		got, err = h.RedeliverFailed(t.Context(), h.by, w.ID, store.Failures{}, 100, false)
		waiting := h.retrying(t, w.ID)
		slices.Sort(waiting) // those of the first call go first, if a millisecond lies between
		if want := []int64{a, a + 2, a + 3, a + 4, a + 5, a + 6}; err != nil || got != (endpoint.Redelivered{Count: 4}) || !slices.Equal(waiting, want) {
			t.Errorf("the rest: %+v (%v), and %v wait, want %v", got, err, waiting, want)
		}
		if n := len(h.retrying(t, other.ID)); n > 0 {
			t.Errorf("%d deliveries of another endpoint are made again", n)
		}
		_, err = h.RedeliverFailed(t.Context(), h.by, parley.NewID[parley.WebhookID](), store.Failures{}, 100, false)
		if parley.KindOf(err) != parley.NotFound {
			t.Errorf("an endpoint that is not there: %v", err)
		}
	})
}

func TestThousandsOfFailedDeliveriesAreMadeAgainAtOnce(t *testing.T) {
	inEach(t, func(t *testing.T, h house) {
		w, _ := h.add(t, endpoint.Start{})
		const n = 2603
		last := h.publish(t, n).Sequence
		first := last - n + 1
		h.failAll(t, w.ID, first, last)
		got, err := h.RedeliverFailed(t.Context(), h.by, w.ID, store.Failures{}, n-1, false)
		if err != nil || got != (endpoint.Redelivered{Count: n - 1, More: true}) {
			t.Fatalf("%+v (%v)", got, err)
		}
		waiting := h.retrying(t, w.ID)
		if len(waiting) != n-1 || waiting[0] != first || waiting[n-2] != last-1 || !slices.IsSorted(waiting) {
			t.Errorf("%d wait, from %d to %d", len(waiting), waiting[0], waiting[len(waiting)-1])
		}
	})
}

// failAll writes down that the deliveries of events failed.
func (h house) failAll(t *testing.T, id parley.WebhookID, first, last int64) {
	t.Helper()
	h.write(t, func(ctx context.Context, tx *database.Tx) error {
		for seq := first; seq <= last; seq++ {
			store.InsertAttempt(ctx, tx, &store.Attempt{
				Org: h.by.Organization, Webhook: id, Seq: seq, Number: 1, First: true, State: parley.Failed, At: 1, Error: "x",
			})
		}
		return nil
	})
}
