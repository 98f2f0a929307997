package endpoint_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/endpoint"
	"parley/internal/noun"
	"parley/internal/store"
)

// asked gives the request of an attempt, its headers as lines.
func (h house) asked(t *testing.T, id parley.WebhookID, seq int64, number int) (endpoint.SentRequest, string) {
	t.Helper()
	r, err := h.Request(t.Context(), h.by.Organization, parley.NewDeliveryID(id, seq), number)
	if err != nil {
		t.Fatal(err)
	}
	var lines strings.Builder
	for _, header := range r.Headers {
		fmt.Fprintf(&lines, "%s: %s\n", header.Name, header.Value)
	}
	return r, lines.String()
}

func TestTheRequestOfAnAttemptIsMadeAnew(t *testing.T) {
	inEach(t, func(t *testing.T, h house) {
		w := must(h.make(t, func(w *parley.Webhook) {
			w.Headers = parley.Headers{"X-Token": "hush"}
			w.Auth = parley.Auth{Type: "bearer", Token: "hush-hush"}
			w.Signing = "both"
		}))(t)
		event := h.publish(t, 1)
		at := parley.Now()
		h.tried(t, w.ID, event.Sequence, store.Attempt{Number: 1, State: parley.Failed, At: at, StatusCode: 500})
		r, headers := h.asked(t, w.ID, event.Sequence, 1)
		if r.Method != "POST" || r.URL != w.URL || !bytes.Equal(r.Body, event.JSON()) || len(r.Doubts) > 0 {
			t.Errorf("the request is %+v", r)
		}
		for _, want := range []string{
			"Content-Type: application/json\n", "Webhook-Id: " + string(event.ID) + "\n", "X-Token: ********\n", "Authorization: Bearer ********\n",
			"Webhook-Signature: v1,******** v1a,********\n", fmt.Sprintf("Webhook-Timestamp: %d\n", at.Std().Unix()), fmt.Sprintf("Content-Length: %d\n", len(r.Body)),
		} {
			if !strings.Contains(headers, want) {
				t.Errorf("%q is not among the headers:\n%s", want, headers)
			}
		}
		if strings.Contains(headers, "hush") || strings.Contains(headers, "whsec_") {
			t.Errorf("a secret is shown:\n%s", headers)
		}
		for _, number := range []int{-1, 0, 2} {
			if _, err := h.Request(t.Context(), h.by.Organization, parley.NewDeliveryID(w.ID, event.Sequence), number); parley.KindOf(err) != parley.NotFound {
				t.Errorf("attempt %d: %v", number, err)
			}
		}
		if _, err := h.Request(t.Context(), "org_other", parley.NewDeliveryID(w.ID, event.Sequence), 1); parley.KindOf(err) != parley.NotFound {
			t.Errorf("another organization's: %v", err)
		}
		must(h.Pause(t.Context(), h.by, w.ID))(t)
		if r, _ := h.asked(t, w.ID, event.Sequence, 1); len(r.Doubts) > 0 {
			t.Errorf("a pause leaves it in doubt what was sent: %q", r.Doubts)
		}
		must(h.Update(t.Context(), h.by, w.ID, noun.AnyVersion, func(w *parley.Webhook) error { w.Signing = "v1"; return nil }))(t)
		if r, _ := h.asked(t, w.ID, event.Sequence, 1); at < must(h.Get(t.Context(), h.by.Organization, w.ID))(t).UpdatedAt && len(r.Doubts) != 1 {
			t.Errorf("that the endpoint was changed is told as %q", r.Doubts)
		}
	})
}

func TestTheRequestOfABatchHasItsEvents(t *testing.T) {
	inEach(t, func(t *testing.T, h house) {
		w := must(h.make(t, func(w *parley.Webhook) { w.Format = "batch" }))(t)
		last := h.publish(t, 4).Sequence
		first, at := last-3, parley.Now()
		for _, seq := range []int64{first, first + 1, first + 3} { // the third was not for it
			h.tried(t, w.ID, seq, store.Attempt{Number: 1, State: parley.Delivered, At: at, StatusCode: 200, Batch: first})
		}
		r, headers := h.asked(t, w.ID, first+1, 1)
		var body struct{ Events []json.RawMessage }
		if err := json.Unmarshal(r.Body, &body); err != nil || len(body.Events) != 3 || len(r.Doubts) > 0 || !strings.Contains(headers, "Webhook-Id: bat_") {
			t.Errorf("the body is %s (%v), with %s%q", r.Body, err, headers, r.Doubts)
		}
	})
}

func TestDeliveriesAreChosenByTime(t *testing.T) {
	inEach(t, func(t *testing.T, h house) {
		w, _ := h.add(t, endpoint.Start{})
		last := h.publish(t, 5).Sequence
		for seq := last - 4; seq <= last; seq++ {
			h.tried(t, w.ID, seq, store.Attempt{Number: 1, State: parley.Delivered, At: parley.Now(), StatusCode: 200})
		}
		ago, ahead := time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
		for does, test := range map[string]struct {
			which  endpoint.Wanted
			before int64
			want   int
		}{
			"all":               {endpoint.Wanted{}, 0, 5},
			"since":             {endpoint.Wanted{Since: &ago}, 0, 5},
			"since then":        {endpoint.Wanted{Since: &ahead}, 0, 0},
			"until":             {endpoint.Wanted{Until: &ahead}, 0, 5},
			"until then":        {endpoint.Wanted{Until: &ago}, 0, 0},
			"the next page":     {endpoint.Wanted{Since: &ago, Until: &ahead}, last - 1, 3},
			"of another status": {endpoint.Wanted{Status: "failed", Since: &ago}, 0, 0},
		} {
			ds, _, err := h.Deliveries(t.Context(), h.by.Organization, w.ID, test.which, test.before, 10)
			if err != nil || len(ds) != test.want {
				t.Errorf("%s: %d (%v), want %d", does, len(ds), err, test.want)
			}
		}
	})
}
