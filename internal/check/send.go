package check

import (
	"context"
	"net/http"
	"sync"
	"time"

	"parley/internal/outbound"
)

// The signature's headers, as Go spells them.
const (
	headerID        = "Webhook-Id"
	headerTimestamp = "Webhook-Timestamp"
	headerSignature = "Webhook-Signature"
)

// headers are those of an event signed at a moment, in Unix seconds.
func headers(s *outbound.Signer, v event, unix int64) http.Header {
	timestamp, signature := s.Sign(v.id, unix, v.body)
	return http.Header{headerID: {v.id}, headerTimestamp: {timestamp}, headerSignature: {signature}}
}

// signed are the headers that Parley would send with an event now. Without the
// receiver's secret they are a stranger's.
func (e *exam) signed(v event) http.Header {
	if e.signer == nil {
		return headers(e.stranger, v, time.Now().Unix())
	}
	return headers(e.signer, v, time.Now().Unix())
}

func (e *exam) send(ctx context.Context, body []byte, header http.Header) outbound.Result {
	return e.client.Send(ctx, &outbound.Request{Target: e.target, Body: body, Header: header})
}

// deliver sends an event as Parley would.
func (e *exam) deliver(ctx context.Context, v event) outbound.Result {
	return e.send(ctx, v.body, e.signed(v))
}

// deliverAll sends events, so many at a time, and gives what came of each.
func (e *exam) deliverAll(ctx context.Context, events []event, atATime int) []outbound.Result {
	results := make([]outbound.Result, len(events))
	free := make(chan struct{}, atATime)
	var sending sync.WaitGroup
	for i, v := range events {
		free <- struct{}{}
		sending.Go(func() {
			results[i] = e.deliver(ctx, v)
			<-free
		})
	}
	sending.Wait()
	return results
}
