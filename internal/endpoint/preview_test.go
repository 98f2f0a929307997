package endpoint_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/database"
	"parley/internal/endpoint"
	"parley/internal/sandbox"
)

// scripted gives a house a sandbox whose children may be slow.
func (h house) scripted(t *testing.T) {
	t.Helper()
	s := sandbox.New(sandbox.Options{Timeout: time.Second, KillAfter: time.Minute})
	t.Cleanup(s.Close)
	h.RunIn(s)
}

// sell publishes sales, whose amounts count up from 1.
func (h house) sell(t *testing.T, n int) {
	t.Helper()
	err := h.db.Write(t.Context(), h.by.Organization, func(ctx context.Context, tx *database.Tx) error {
		for i := range n {
			at, err := h.log.Next(ctx, tx)
			if err != nil {
				return err
			}
			draft, _ := parley.CustomEvent("custom.sale", "k", json.RawMessage(fmt.Sprintf(`{"amount":%d}`, i+1)))
			if _, err = h.log.Append(ctx, tx, h.by, at, draft); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (h house) preview(t *testing.T, w parley.Webhook, s endpoint.Sample) endpoint.Preview {
	t.Helper()
	p, err := h.Preview(t.Context(), h.by.Organization, nil, w, s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// outcomes counts what a preview tells of.
func outcomes(p endpoint.Preview) map[string]int {
	counts := map[string]int{}
	for _, r := range p.Results {
		counts[r.Outcome]++
	}
	return counts
}

func sales(filter, transformation string) parley.Webhook {
	return parley.Webhook{EventTypes: []string{"custom.sale"}, Filter: filter, Transformation: transformation}
}

func TestAPreviewTellsOfEveryEventOfItsSample(t *testing.T) {
	inEach(t, func(t *testing.T, h house) {
		h.scripted(t)
		h.publish(t, 2)
		h.sell(t, 5)
		p := h.preview(t, sales("data.amount > 1 && 6 / (data.amount - 3) < 5", `function transform(event) {
			console.log("amount", event.data.amount)
			if (event.data.amount === 5) return
			if (event.data.amount === 4) throw new Error("four")
			return { paid: event.data.amount }
		}`), endpoint.Sample{Last: 7})
		if p.Examined != 7 || p.Matched != 2 || p.Undecided != 1 || p.Truncated {
			t.Errorf("examined %d, matched %d, undecided %d, truncated %v", p.Examined, p.Matched, p.Undecided, p.Truncated)
		}
		var told []string
		for _, r := range p.Results {
			line := fmt.Sprint(strings.TrimPrefix(r.Type, "custom."), " ", r.Outcome)
			for _, text := range []*string{r.Reason, r.Error} {
				if text != nil {
					line += ": " + *text
				}
			}
			told = append(told, line+string(r.Body)+fmt.Sprint(r.Log))
		}
		want := []string{
			`sale skipped[amount 5]`,
			`sale filtered: The filter is not true at line 1, column 20: 6 / (data.amount - 3) < 5: It is false. Here data.amount is 4.[]`,
			`sale undecided: The filter has no answer at line 1, column 20: 6 / (data.amount - 3) < 5: Division by zero. Here data.amount is 3.[]`,
			`sale sent{"paid":2}[amount 2]`,
			`sale filtered: The filter is not true at line 1, column 1: data.amount > 1: It is false. Here data.amount is 1.[]`,
			`test not_subscribed: The endpoint's event_types do not include custom.test.[]`,
			`test not_subscribed: The endpoint's event_types do not include custom.test.[]`,
		}
		if strings.Join(told, "\n") != strings.Join(want, "\n") {
			t.Errorf("got\n%s\nwant\n%s", strings.Join(told, "\n"), strings.Join(want, "\n"))
		}
	})
}

func TestAPreviewShowsAFailedTransformation(t *testing.T) {
	inEach(t, func(t *testing.T, h house) {
		h.scripted(t)
		h.sell(t, 1)
		for source, want := range map[string]string{
			"function transform(event) {\n  console.log('so far')\n  return event.data.customer.name\n}": "(line 3, column ",
			"function transform(event) {\n  console.log('so far')\n  for (;;) {}\n}":                     "took too long",
		} {
			r := h.preview(t, sales("", source), endpoint.Sample{Last: 1}).Results[0]
			if r.Outcome != "transformation_failed" || r.Error == nil || !strings.Contains(*r.Error, want) || r.Reason != nil || r.Body != nil {
				t.Errorf("%s: %+v", source, r)
			}
			if len(r.Log) != 1 || r.Log[0] != "so far" {
				t.Errorf("%s: the log is %q", source, r.Log)
			}
		}
	})
}

func TestAPreviewHasLimits(t *testing.T) {
	inEach(t, func(t *testing.T, h house) {
		h.scripted(t)
		h.sell(t, 1200)
		p := h.preview(t, sales("data.amount > 600", ""), endpoint.Sample{Last: 5000})
		if got := outcomes(p); p.Examined != 1000 || p.Matched != 600 || got["sent"] != 50 || got["filtered"] != 50 || !p.Truncated {
			t.Errorf("examined %d, matched %d, told of %v, truncated %v", p.Examined, p.Matched, got, p.Truncated)
		}
		bodies := 0
		for i, r := range p.Results {
			if r.Body != nil {
				bodies++
			}
			if i > 0 && r.Sequence >= p.Results[i-1].Sequence {
				t.Errorf("%d follows %d", r.Sequence, p.Results[i-1].Sequence)
			}
		}
		if bodies != 20 {
			t.Errorf("there are %d bodies", bodies)
		}
		p = h.preview(t, sales("", "function transform(event) { return 1 }"), endpoint.Sample{Last: 30})
		if got := outcomes(p); got["sent"] != 20 || got["matched"] != 10 || !p.Truncated {
			t.Errorf("told of %v, truncated %v", got, p.Truncated)
		}
		p = h.preview(t, sales("", "const text = 'x'.repeat(500000); const transform = () => text"), endpoint.Sample{Last: 20})
		size := 0
		for _, r := range p.Results {
			size += len(r.Body)
		}
		if !p.Truncated || size > 4<<20 || size == 0 {
			t.Errorf("it shows %d bytes, truncated %v", size, p.Truncated)
		}
	})
}

func TestAPreviewUsesOneEventOrAnExample(t *testing.T) {
	inEach(t, func(t *testing.T, h house) {
		h.sell(t, 3)
		event := h.publish(t, 1)
		h.sell(t, 1)
		all := parley.Webhook{EventTypes: []string{"*"}}
		p := h.preview(t, all, endpoint.Sample{EventID: event.ID})
		if p.Examined != 1 || len(p.Results) != 1 || p.Results[0].EventID != event.ID || string(p.Results[0].Body) != string(event.JSON()) {
			t.Errorf("the preview is %+v", p)
		}
		example := &parley.Event{ID: "evt_x", Type: "custom.example", Sequence: 4, Data: json.RawMessage("{}")}
		p = h.preview(t, all, endpoint.Sample{Example: example})
		if p.Examined != 1 || p.Matched != 1 || p.Results[0].EventID != "evt_x" {
			t.Errorf("the preview is %+v", p)
		}
		_, err := h.Preview(t.Context(), h.by.Organization, nil, all, endpoint.Sample{EventID: parley.NewEventID(2)})
		checkFields(t, err, "body.sample.event_id")
	})
}

func TestAPreviewRefusesWhatCannotBeSaved(t *testing.T) {
	inEach(t, func(t *testing.T, h house) {
		sample := endpoint.Sample{Last: 1}
		inbox := parley.NewID[parley.InboxID]()
		w := parley.Webhook{EventTypes: []string{"contact.sung"}, InboxIDs: []parley.InboxID{inbox}, Filter: "type =="}
		_, err := h.Preview(t.Context(), h.by.Organization, nil, w, sample)
		checkFields(t, err, "body.event_types[0]", "body.filter", "body.inbox_ids[0]")

		w = sales("", "function transform(event) { return event }")
		if _, err = h.Preview(t.Context(), h.by.Organization, nil, w, sample); parley.KindOf(err) != parley.Unavailable {
			t.Errorf("without a sandbox: %v", err)
		}
		h.scripted(t)
		w.Transformation = "function transform(event) { return"
		_, err = h.Preview(t.Context(), h.by.Organization, nil, w, sample)
		checkFields(t, err, "body.transformation")

		// An inbox that the endpoint has although it is gone is no news.
		w = parley.Webhook{EventTypes: []string{"*"}, InboxIDs: []parley.InboxID{inbox}}
		if _, err = h.Preview(t.Context(), h.by.Organization, &w, w, sample); err != nil {
			t.Error(err)
		}
	})
}

func TestAPreviewEndsWithItsRequest(t *testing.T) {
	inEach(t, func(t *testing.T, h house) {
		h.sell(t, 1)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := h.Preview(ctx, h.by.Organization, nil, sales("", ""), endpoint.Sample{Last: 1}); !errors.Is(err, context.Canceled) {
			t.Errorf("the error is %v", err)
		}
	})
}

func checkFields(t *testing.T, err error, locations ...string) {
	t.Helper()
	var invalid *parley.Error
	if !errors.As(err, &invalid) {
		t.Errorf("want faults of %v, got %v", locations, err)
		return
	}
	var found []string
	for _, f := range invalid.Fields {
		found = append(found, f.Location)
	}
	if strings.Join(found, " ") != strings.Join(locations, " ") {
		t.Errorf("want faults of %v, got %v", locations, err)
	}
}
