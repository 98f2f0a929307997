package webhook_test

import (
	"bytes"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"parley"
	"parley/internal/database"
	"parley/internal/sandbox"
	"parley/internal/testing/dbtest"
	"parley/internal/testing/receiver"
)

// transforming opens a house in real time, whose transformations run in real
// children that may be slow.
func transforming(t *testing.T, r *receiver.Receiver, logger *slog.Logger) *house {
	t.Helper()
	s := sandbox.New(sandbox.Options{Timeout: time.Second, KillAfter: time.Minute})
	t.Cleanup(s.Close)
	h := &house{t: t, path: filepath.Join(t.TempDir(), "parley.db"), wire: &wire{to: r.DialContext}, sandbox: s, logger: logger}
	h.db = dbtest.Open(t, database.Config{Path: h.path, ReadConns: 2})
	h.furnish()
	h.org = h.organization()
	h.start()
	return h
}

func transformation(source string) func(*parley.Webhook) {
	return func(w *parley.Webhook) { w.Transformation = source }
}

func TestWhatATransformationReturnsIsSentAndSigned(t *testing.T) {
	t.Parallel()
	r := receiver.New(t)
	h := transforming(t, r, nil)
	for name, test := range map[string]struct{ returns, want string }{
		"an object":           {`({ text: event.data.key, was: event.type })`, `{"text":"a","was":"custom.thing"}`},
		"the event, shorter":  {`(delete event.data.key, { data: event.data })`, `{"data":{}}`},
		"a list":              {`[1, "zwei", null, { "drei": 3.5 }]`, `[1,"zwei",null,{"drei":3.5}]`},
		"a text":              {`"Grüße, " + event.data.key`, `"Grüße, a"`},
		"a number":            {`0`, `0`},
		"false":               {`false`, `false`},
		"nothing but members": {`({ nothing: undefined, still: null })`, `{"still":null}`},
	} {
		r.Forget()
		id, secret := h.subscribeSecret(r.URL, transformation("function transform(event) { return "+test.returns+" }"))
		event := h.publish("a")[0]
		q := r.Wait(t, 1)[0]
		if string(q.Body) != test.want || q.ID != event || q.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: sent was %s of %s as %s, want %s", name, q.Body, q.ID, q.Header.Get("Content-Type"), test.want)
		}
		if !verifies(t, q, secret) {
			t.Errorf("%s: the signature is not that of what was sent", name)
		}
		h.settle(id, 1, 0, 0)
		h.must(h.endpoints.Delete(t.Context(), h.caller(), id))
	}
}

// whims is a transformation that does what the event's key says.
const whims = `function transform(event) {
  const key = event.data.key
  if (key === "throws") throw new TypeError("no ink for " + event.id)
  if (key === "loops") for (;;) {}
  if (key === "hogs") { const all = []; for (;;) all.push(new Uint8Array(4 << 20)) }
  if (key === "promises") return Promise.resolve(key)
  if (key === "floods") return "x".repeat(2 << 20)
  if (key === "nothing") return undefined
  if (key === "null") return null
  return { text: key }
}`

func TestATransformationThatFailsIsAFailedAttemptAndHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	r := receiver.New(t)
	log := newLines()
	h := transforming(t, r, slog.New(slog.NewTextHandler(log, nil)))
	id := h.subscribe(r.URL, transformation(whims), delays(3600))
	faults := map[string]string{
		"throws":   "The transformation failed: TypeError: no ink for ",
		"loops":    "The transformation failed: The script took too long and was stopped.",
		"hogs":     "The transformation failed: The script needed too much memory and was stopped.",
		"promises": "The transformation failed: ",
		"floods":   "The transformation failed: The script returned too much: at most 1024 KiB.",
	}
	events := map[string]string{}
	for key := range faults {
		events[key] = h.publish(key)[0]
	}
	good := h.publish("one", "two", "three")
	log.await(t, "delivery.attempted", len(good)+len(faults))
	h.stop()
	checkIDs(t, r, good...)
	for key, want := range faults {
		d := h.delivery(id, events[key])
		if !strings.HasPrefix(*d.Error, want) || d.Status != parley.Retrying || d.StatusCode != nil || d.AttemptCount != 1 {
			t.Errorf("%s: the delivery is %s after %d attempts: %q, want %q", key, d.Status, d.AttemptCount, *d.Error, want)
		}
	}
	if d := h.delivery(id, events["throws"]); !strings.Contains(*d.Error, "no ink for "+events["throws"]+" (line 3, column ") {
		t.Errorf("it does not tell where: %s", *d.Error)
	}
	if text := log.String(); strings.Contains(text, "no ink") || !strings.Contains(text, `error="The transformation failed."`) {
		t.Errorf("the log has what the script said of the event:\n%s", text)
	}
	if status := h.get(id).Status; status != parley.EndpointActive {
		t.Errorf("the endpoint is %s", status)
	}
}

func TestNothingIsSentIfATransformationReturnsNothing(t *testing.T) {
	t.Parallel()
	r := receiver.New(t)
	h := transforming(t, r, nil)
	id := h.subscribe(r.URL, transformation(whims), ordering("strict"), delays(1))
	begun := time.Now()
	h.publish("nothing", "null")
	last := h.publish("last")[0]
	r.Wait(t, 1)
	h.stop()
	checkIDs(t, r, last)
	for _, d := range h.deliveries(id) {
		want := parley.Skipped
		if d.EventID == parley.EventID(last) {
			want = parley.Delivered
		}
		if d.Status != want || d.AttemptCount != 1 {
			t.Errorf("it is %s after %d attempts, want %s after one", d.Status, d.AttemptCount, want)
		}
	}
	if w := h.get(id); w.Lag > 0 {
		t.Errorf("%d events are not dealt with", w.Lag)
	}
	if s := h.stats(id, begun).Totals; s.Skipped != 2 || s.Delivered != 1 || s.Attempts != 1 {
		t.Errorf("the totals are %+v, want 2 skipped and 1 delivered", s)
	}
	if c := h.Totals().Counts; c.Skipped != 2 || c.Delivered != 1 {
		t.Errorf("the counts are %+v, want 2 skipped and 1 delivered", c)
	}
}

func TestATransformationThatWasCorrectedGetsWhatFailedBefore(t *testing.T) {
	t.Parallel()
	r := receiver.New(t)
	h := transforming(t, r, nil)
	id := h.subscribe(r.URL, transformation(whims), delays(3600))
	event := h.publish("throws")[0]
	h.settle(id, 0, 1, 0)
	h.change(id, transformation(`const transform = (event) => "corrected"`))
	h.redeliver(id, event)
	if q := r.Wait(t, 1)[0]; string(q.Body) != `"corrected"` || q.ID != event {
		t.Errorf("sent was %s of %s", q.Body, q.ID)
	}
	h.settle(id, 1, 0, 0)

	r.Forget()
	h.change(id, transformation(""))
	h.publish("throws")
	if q := r.Wait(t, 1)[0]; keyOf(t, q) != "throws" {
		t.Errorf("without a transformation, sent was %s", q.Body)
	}
}

func TestATestIsTransformedToo(t *testing.T) {
	t.Parallel()
	r := receiver.New(t)
	h := transforming(t, r, nil)
	id := h.subscribe(r.URL, transformation(`function transform(event) { return [event.type, event.data.message] }`))
	_, _, err := h.endpoints.Test(t.Context(), h.caller(), id, "")
	h.must(err)
	var got []string
	r.Wait(t, 1)[0].Decode(t, &got)
	if len(got) != 2 || got[0] != "webhook.test" || got[1] == "" {
		t.Errorf("sent was %q", got)
	}
}

func TestATestMayBeTheExampleOfAType(t *testing.T) {
	t.Parallel()
	r := receiver.New(t)
	h := transforming(t, r, nil)
	id := h.subscribe(r.URL, func(w *parley.Webhook) { w.EventTypes = []string{"custom.bread"} })
	test, _, err := h.endpoints.Test(t.Context(), h.caller(), id, "deal.won")
	h.must(err)
	q := r.Wait(t, 1)[0]
	var got parley.Event
	q.Decode(t, &got)
	if got.Type != "deal.won" || got.ID != test.ID || got.Sequence != test.Sequence || q.Header.Get("Webhook-Id") != string(test.ID) {
		t.Errorf("sent was %s, by the name %s; the test is %d %s", q.Body, q.Header.Get("Webhook-Id"), test.Sequence, test.ID)
	}
}

func TestATransformationThatCannotBeRunIsTriedAgain(t *testing.T) {
	t.Parallel()
	r := receiver.New(t)
	h := transforming(t, r, nil)
	id := h.subscribe(r.URL, transformation(whims), delays(1))
	h.stop()
	s := h.sandbox
	h.sandbox, h.logger = nil, slog.New(slog.DiscardHandler)
	h.furnish()
	h.start()
	event := h.publish("a")[0]
	h.settle(id, 0, 1, 0)
	if d := h.delivery(id, event); *d.Error != "The transformation could not be run now: it is tried again." {
		t.Errorf("the error is %q", *d.Error)
	}
	h.sandbox = s
	h.restart()
	r.Wait(t, 1)
	h.settle(id, 1, 0, 0)
}

func TestATransformationIsCheckedBeforeItIsSaved(t *testing.T) {
	t.Parallel()
	r := receiver.New(t)
	h := transforming(t, r, nil)
	id := h.subscribe(r.URL)
	for name, test := range map[string]struct{ source, want string }{
		"no script":   {"function transform(event) {\n  return {{\n}", "SyntaxError: "},
		"no function": {"const transform = 1", "The script defines no function named transform."},
		"it throws":   {"\nthrow new Error('early')", "Error: early (line 2, column "},
		"it hangs":    {"for (;;) {}", "The script took too long and was stopped."},
		"it hogs":     {"const all = []; for (;;) all.push(new Uint8Array(4 << 20))", "The script needed too much memory and was stopped."},
	} {
		_, err := h.endpoints.Update(t.Context(), h.caller(), id, -1, func(w *parley.Webhook) error {
			w.Transformation, w.URL = test.source, "gopher://example.com"
			return nil
		})
		wrong := fieldsOf(err)
		if len(wrong) != 2 || !strings.HasPrefix(wrong["body.transformation"], test.want) || wrong["body.url"] == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	h.change(id, transformation(" \n"))
	if w := h.get(id); w.Transformation != "" {
		t.Errorf("the transformation is %q", w.Transformation)
	}
}

// lines is a log that is read while it is written.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
	more chan struct{}
}

func newLines() *lines { return &lines{more: make(chan struct{}, 1)} }

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case l.more <- struct{}{}:
	default:
	}
	return l.text.Write(b)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// await waits until something was logged n times.
func (l *lines) await(t *testing.T, name string, n int) {
	t.Helper()
	for strings.Count(l.String(), "msg="+name) < n {
		select {
		case <-l.more:
		case <-t.Context().Done():
			t.Fatalf("%s was not logged %d times:\n%s", name, n, l)
		}
	}
}

// fieldsOf are the messages of an error about fields, by their locations.
func fieldsOf(err error) map[string]string {
	found := map[string]string{}
	var invalid *parley.Error
	if errors.As(err, &invalid) {
		for _, f := range invalid.Fields {
			found[f.Location] = f.Message
		}
	}
	return found
}
