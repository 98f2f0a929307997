package endpoint

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"

	"parley"
	"parley/internal/payload"
	"parley/internal/store"
)

// SentRequest is the request of an attempt. Requests are not kept: it is made anew from the
// event, which never changes, and from the endpoint's settings as they are now.
type SentRequest struct {
	Method  string
	URL     string
	Headers []SentHeader
	Body    []byte

	// Doubts are sentences that say in what the request that was made may have been
	// another one; none: in nothing but what is hidden.
	Doubts []string
}

// tokenHeader shows an endpoint's token with each batch.
const tokenHeader = "X-Webhook-Token"

// SentHeader is a header of a request. Secrets are hidden, and so are signatures: they may
// have been made with keys that were replaced since.
type SentHeader struct{ Name, Value string }

// Request tells what was sent in an attempt of a delivery, by its number, as far as that
// can be told. A delivery or attempt that is not there is a NotFound error.
func (e *Endpoints) Request(ctx context.Context, org parley.OrganizationID, id parley.DeliveryID, number int) (SentRequest, error) {
	webhook, seq, err := e.resolve(ctx, e.db.Read(), org, id)
	if err != nil {
		return SentRequest{}, err
	}
	attempts, err := store.AttemptsOf(ctx, e.db.Read(), org, webhook, seq)
	if err != nil {
		return SentRequest{}, err
	}
	i := slices.IndexFunc(attempts, func(a store.Attempt) bool { return a.Number == number && number > 0 })
	if i < 0 {
		return SentRequest{}, parley.Errorf(parley.NotFound, "The delivery has no attempt %d, or it is one of many and no longer shown.", number)
	}
	w, err := e.noun.Get(ctx, org, string(webhook))
	if err != nil {
		return SentRequest{}, err
	}
	r := SentRequest{Method: "POST", URL: w.URL}
	changed, err := e.changedSince(ctx, org, w, attempts[i])
	if err != nil {
		return SentRequest{}, err
	}
	if changed {
		r.doubt("The endpoint was changed since: its URL, headers, signing or transformation may have been others then.")
	}
	requestID, err := e.writeBody(ctx, org, &r, &w, &attempts[i])
	if err != nil {
		return SentRequest{}, err
	}
	r.writeHeaders(&w, requestID, attempts[i].At)
	return r, nil
}

// lookedThrough is how many events are looked through for changes of an endpoint. If it
// may have been changed before those, it is taken to have been.
const lookedThrough = 20_000

// changedSince tells whether somebody has changed an endpoint since an attempt: not only
// its status, which changes by itself.
func (e *Endpoints) changedSince(ctx context.Context, org parley.OrganizationID, w parley.Webhook, a store.Attempt) (bool, error) {
	switch {
	case w.UpdatedAt <= a.At:
		return false, nil
	case w.Sequence-a.Seq > lookedThrough:
		return true, nil
	}
	changes, err := e.log.Query(ctx, org, store.Where("seq > ? and seq <= ? and key = ? and type = ? and created_at > ?",
		a.Seq, w.Sequence, string(w.ID), parley.WebhookUpdated.Name(), int64(a.At)), true, lookedThrough)
	if err != nil {
		return false, err
	}
	for _, change := range changes {
		var data parley.WebhookEvent
		if err := json.Unmarshal(change.Data, &data); err != nil {
			return false, fmt.Errorf("read event %d: %w", change.Sequence, err)
		}
		delete(data.Previous, "status")
		delete(data.Previous, "status_reason")
		if len(data.Previous) > 0 {
			return true, nil
		}
	}
	return false, nil
}

func (r *SentRequest) doubt(why string) { r.Doubts = append(r.Doubts, why) }

func (r *SentRequest) put(name, value string) { r.Headers = append(r.Headers, SentHeader{name, value}) }

// writeHeaders writes the headers that Parley sets, and the endpoint's own.
func (r *SentRequest) writeHeaders(w *parley.Webhook, id string, at parley.Time) {
	if u, err := url.Parse(w.URL); err == nil {
		r.put("Host", u.Host)
	}
	format, _ := payload.Named(w.Format)
	contentType := format.ContentType
	if w.Transformation != "" {
		contentType = "application/json"
	}
	r.put("Content-Type", contentType)
	r.put("Content-Length", strconv.Itoa(len(r.Body)))
	r.put("Webhook-Id", id)
	r.put("Webhook-Timestamp", strconv.FormatInt(at.Std().Unix(), 10))
	signature := map[string]string{"v1a": "v1a," + hidden, "both": "v1," + hidden + " v1a," + hidden}[w.Signing]
	if signature == "" {
		signature = "v1," + hidden
	}
	r.put("Webhook-Signature", signature)
	switch w.Auth.Type {
	case "basic":
		r.put("Authorization", "Basic "+hidden)
	case "bearer", "oauth2":
		r.put("Authorization", "Bearer "+hidden)
	}
	if _, own := w.Headers[tokenHeader]; format.Batches && w.Verification.Token != "" && !own {
		r.put(tokenHeader, hidden)
	}
	names := make([]string, 0, len(w.Headers))
	for name := range w.Headers {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		r.put(name, hidden)
	}
}

// writeBody renders what was sent in an attempt, and gives the id of the request.
func (e *Endpoints) writeBody(ctx context.Context, org parley.OrganizationID, r *SentRequest, w *parley.Webhook, a *store.Attempt) (id string, err error) {
	setDefaults(w)
	format, _ := payload.Named(w.Format)
	if !format.Batches {
		event, err := e.log.At(ctx, org, a.Seq)
		if err != nil {
			return "", err
		}
		body, err := format.Body(w.ID, event)
		if err != nil || w.Transformation == "" {
			r.Body = body
			return string(event.ID), err
		}
		r.doubt("The body is what the endpoint's transformation makes of the event now.")
		transformed, _, err := Transform(ctx, e.sandbox, org, w.Transformation, body)
		if fault, atFault := TransformationFault(err); atFault {
			r.doubt("The transformation fails now: " + fault)
			return string(event.ID), nil
		}
		r.Body = transformed
		return string(event.ID), err
	}
	seqs := []int64{a.Seq}
	if a.Batch != 0 {
		if seqs, err = store.SentWith(ctx, e.db.Read(), a, payload.MaxEvents); err != nil {
			return "", err
		}
	}
	var parts [][]byte
	var events []*parley.Event
	for _, seq := range seqs {
		event, err := e.log.At(ctx, org, seq)
		if parley.KindOf(err) == parley.NotFound {
			r.doubt("An event of the batch is no longer kept.")
			continue
		}
		if err != nil {
			return "", err
		}
		part, err := format.Render(w.ID, event)
		if err != nil {
			return "", err
		}
		parts, events = append(parts, part), append(events, event)
	}
	r.Body = payload.Batch(parts)
	return payload.BatchID(events), nil
}
