package endpoint_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"parley"
	"parley/internal/endpoint"
	"parley/internal/noun"
	"parley/internal/outbound"
	"parley/internal/testing/dbtest"
)

// request is what an endpoint was sent.
type request struct {
	id, timestamp, signature string
	body                     []byte
}

func (q request) headers() string {
	return fmt.Sprintf("Host: example.com\nWebhook-Id: %s\nWebhook-Timestamp: %s\nWebhook-Signature: %s\n", q.id, q.timestamp, q.signature)
}

// signs makes the request of an event, signed as the engine signs now.
func (h house) signs(t *testing.T, id parley.WebhookID, event *parley.Event, at time.Time) request {
	t.Helper()
	s := h.load(t, id)
	signer, err := outbound.NewPrivateSigner(s.Private, s.Secrets...)
	if err != nil {
		t.Fatal(err)
	}
	q := request{id: string(event.ID), body: event.JSON()}
	q.timestamp, q.signature = signer.Sign(q.id, at.Unix(), q.body)
	return q
}

// finds fails the test unless these are the findings, and no secret is among them.
func (h house) finds(t *testing.T, does string, id parley.WebhookID, headers string, body []byte, verified bool, want ...endpoint.FindingKind) string {
	t.Helper()
	d, err := h.Diagnose(t.Context(), h.by.Organization, id, headers, body)
	if err != nil {
		t.Fatal(err)
	}
	var kinds []endpoint.FindingKind
	var said strings.Builder
	for _, f := range d.Findings {
		kinds = append(kinds, f.Kind)
		said.WriteString(f.Message + "\n")
	}
	if d.Verified != verified || !slices.Equal(kinds, want) {
		t.Errorf("%s: verified %v, found %v, want %v\n%s", does, d.Verified, kinds, want, &said)
	}
	if strings.Contains(said.String(), "whsec_") {
		t.Errorf("%s: a secret is told: %s", does, &said)
	}
	return said.String()
}

func TestEachFaultOfARequestIsFound(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, dbtest.SQLite(t))
		w, _ := h.add(t, endpoint.Start{})
		event := h.publish(t, 1)
		good := h.signs(t, w.ID, event, time.Now())
		changed := func(change func(*request)) request {
			q := good
			q.body = bytes.Clone(good.body)
			change(&q)
			return q
		}
		respell := func(do func(dst *bytes.Buffer, src []byte) error) func(q *request) {
			return func(q *request) {
				var b bytes.Buffer
				if err := do(&b, q.body); err != nil {
					t.Fatal(err)
				}
				q.body = b.Bytes()
			}
		}
		for does, test := range map[string]struct {
			q        request
			verified bool
			want     []endpoint.FindingKind
			says     string
		}{
			"a good request": {good, true, []endpoint.FindingKind{endpoint.Good}, "present secret"},
			"no id":          {changed(func(q *request) { q.id = "" }), false, []endpoint.FindingKind{endpoint.MissingHeader}, "webhook-id"},
			"nothing": {
				request{body: good.body}, false, []endpoint.FindingKind{endpoint.MissingHeader, endpoint.MissingHeader, endpoint.MissingHeader}, "webhook-signature",
			},
			"a time in words":       {changed(func(q *request) { q.timestamp = "soon" }), false, []endpoint.FindingKind{endpoint.MalformedTimestamp}, `"soon"`},
			"a time with a sign":    {changed(func(q *request) { q.timestamp = "+" + q.timestamp }), false, []endpoint.FindingKind{endpoint.MalformedTimestamp}, "digits only"},
			"milliseconds":          {changed(func(q *request) { q.timestamp += "000" }), false, []endpoint.FindingKind{endpoint.MalformedTimestamp}, "milliseconds"},
			"too old":               {h.signs(t, w.ID, event, time.Now().Add(-12*time.Minute)), false, []endpoint.FindingKind{endpoint.TooOld, endpoint.Good}, "12m0s ago"},
			"too new":               {h.signs(t, w.ID, event, time.Now().Add(7*time.Minute)), false, []endpoint.FindingKind{endpoint.TooNew, endpoint.Good}, "7m0s from now"},
			"nearly too old":        {h.signs(t, w.ID, event, time.Now().Add(-5*time.Minute)), true, []endpoint.FindingKind{endpoint.Good}, ""},
			"another scheme":        {changed(func(q *request) { q.signature = "sha256=abc" }), false, []endpoint.FindingKind{endpoint.OtherVersion}, "another scheme"},
			"a later version":       {changed(func(q *request) { q.signature = "v9" + q.signature[2:] }), false, []endpoint.FindingKind{endpoint.OtherVersion}, "v1a"},
			"another beside":        {changed(func(q *request) { q.signature = "v9,AAAA " + q.signature }), true, []endpoint.FindingKind{endpoint.Good}, ""},
			"a signature cut off":   {changed(func(q *request) { q.signature = q.signature[:20] }), false, []endpoint.FindingKind{endpoint.MalformedSignature}, "cut off"},
			"a line break too much": {changed(func(q *request) { q.body = append(q.body, '\n') }), false, []endpoint.FindingKind{endpoint.BodyAltered}, "line breaks at its end"},
			"indented": {
				changed(respell(func(dst *bytes.Buffer, src []byte) error { return json.Indent(dst, src, "", "   ") })), false,
				[]endpoint.FindingKind{endpoint.BodyAltered},
				"other spaces",
			},
			"written anew": {
				changed(func(q *request) {
					var v map[string]any
					_ = json.Unmarshal(q.body, &v)
					q.body, _ = json.Marshal(v)
				}), false, []endpoint.FindingKind{endpoint.BodyAltered}, "order of its members",
			},
			"another content": {
				changed(func(q *request) { q.body = bytes.Replace(q.body, []byte("custom.test"), []byte("custom.best"), 1) }), false,
				[]endpoint.FindingKind{endpoint.BodyAltered},
				"differ from byte",
			},
			"another id": {
				changed(func(q *request) { q.id = string(h.publish(t, 1).ID) }), false, []endpoint.FindingKind{endpoint.IDAltered}, "the header was changed",
			},
			"an id that is none": {
				changed(func(q *request) { q.id = "evt_none" }), false, []endpoint.FindingKind{endpoint.UnknownEvent, endpoint.IDAltered}, "no event of this organization",
			},
			"another time": {
				changed(func(q *request) { q.timestamp = fmt.Sprint(time.Now().Unix() - 1) }), false, []endpoint.FindingKind{endpoint.NoMatch}, "No secret",
			},
		} {
			if said := h.finds(t, does, w.ID, test.q.headers(), test.q.body, test.verified, test.want...); !strings.Contains(said, test.says) {
				t.Errorf("%s: %q is not said: %s", does, test.says, said)
			}
		}
	})
}

func TestTheSecretOfARequestIsFound(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, dbtest.SQLite(t))
		w, _ := h.add(t, endpoint.Start{})
		other, _ := h.add(t, endpoint.Start{})
		event := h.publish(t, 1)

		stray := h.signs(t, other.ID, event, time.Now())
		if said := h.finds(t, "another's", w.ID, stray.headers(), stray.body, false, endpoint.OtherEndpoint); !strings.Contains(said, string(other.ID)) {
			t.Errorf("the other is not named: %s", said)
		}
		h.finds(t, "another's, altered", w.ID, stray.headers(), append(bytes.Clone(stray.body), '\n'), false, endpoint.OtherEndpoint, endpoint.BodyAltered)

		old := h.signs(t, w.ID, event, time.Now())
		if _, _, err := h.Rotate(t.Context(), h.by, w.ID, 3*time.Minute); err != nil {
			t.Fatal(err)
		}
		h.finds(t, "during a rotation", w.ID, old.headers(), old.body, true, endpoint.PreviousSecret)
		time.Sleep(4 * time.Minute)
		h.finds(t, "after a rotation", w.ID, old.headers(), old.body, false, endpoint.ExpiredSecret)
		h.finds(t, "after a rotation, altered", w.ID, old.headers(), append(bytes.Clone(old.body), '\n'), false, endpoint.BodyAltered, endpoint.ExpiredSecret)

		must(h.Update(t.Context(), h.by, w.ID, noun.AnyVersion, func(w *parley.Webhook) error { w.Signing = "v1a"; return nil }))(t)
		private := h.signs(t, w.ID, event, time.Now())
		if !strings.HasPrefix(private.signature, "v1a,") || strings.Contains(private.signature, " ") {
			t.Fatalf("it is signed %s", private.signature)
		}
		h.finds(t, "v1a", w.ID, private.headers(), private.body, true, endpoint.Good)
		h.finds(t, "v1a, altered", w.ID, private.headers(), append(bytes.Clone(private.body), '\n'), false, endpoint.BodyAltered)

		if _, err := h.Diagnose(t.Context(), "org_other", w.ID, old.headers(), old.body); parley.KindOf(err) != parley.NotFound {
			t.Errorf("another organization's: %v", err)
		}
	})
}

func TestHeadersArePastedInManyWays(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, dbtest.SQLite(t))
		w, _ := h.add(t, endpoint.Start{})
		q := h.signs(t, w.ID, h.publish(t, 1), time.Now())
		for does, form := range map[string]string{
			"lines":       "POST / HTTP/1.1\r\nHost: x\r\nWEBHOOK-ID: %s\r\nwebhook-timestamp:%s\r\nWebhook-Signature:   %s\r\n",
			"curl -H":     "curl -H 'webhook-id: %s' \\\n  -H \"webhook-timestamp: %s\" \\\n  --header 'webhook-signature: %s'",
			"curl -v":     "> webhook-id: %s\n> webhook-timestamp: %s\n> webhook-signature: %s\n>",
			"JSON":        `{"webhook-id":"%s","Webhook-Timestamp":"%s","webhook-signature":"%s"}`,
			"JSON, lists": `{"webhook-id":["%s"],"Webhook-Timestamp":[%s],"webhook-signature":["%s"]}`,
			"members":     "  \"webhook-id\": \"%s\",\n  \"webhook-timestamp\": \"%s\",\n  \"webhook-signature\": \"%s\"",
			"environment": "HTTP_WEBHOOK_ID=%s\nHTTP_WEBHOOK_TIMESTAMP=%s\nHTTP_WEBHOOK_SIGNATURE=%s",
		} {
			h.finds(t, does, w.ID, fmt.Sprintf(form, q.id, q.timestamp, q.signature), q.body, true, endpoint.Good)
		}
	})
}
