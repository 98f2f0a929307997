package bench

import (
	"context"
	"strconv"
	"sync/atomic"
)

// What the bench publishes: events of some 500 bytes in their envelopes, of a
// thousand keys in turn.
const (
	eventKeys = 1000
	eventText = "A customer wrote to the bakery that two loaves were missing from this morning's box. " +
		"The driver found both under the tray and brings them on the noon round, with a small cake to make up for it."
)

// appendEvent writes the request's form of the event with a number.
func appendEvent(buffer []byte, number int) []byte {
	buffer = append(buffer, `{"type":"`+eventType+`","key":"conversation-`...)
	buffer = strconv.AppendInt(buffer, int64(number%eventKeys), 10)
	buffer = append(buffer, `","data":{"n":`...)
	buffer = strconv.AppendInt(buffer, int64(number), 10)
	return append(buffer, `,"text":"`+eventText+`"}}`...)
}

// appendBatch writes the body of a request for events with numbers from first on,
// up to but without end.
func appendBatch(buffer []byte, first, end int) []byte {
	buffer = append(buffer, `{"events":[`...)
	for number := first; number < end; number++ {
		if number > first {
			buffer = append(buffer, ',')
		}
		buffer = appendEvent(buffer, number)
	}
	return append(buffer, `]}`...)
}

// publication is a run of events to be published as fast as the server takes them.
type publication struct {
	first, end  int // their numbers: up to but without end
	batch       int // events in a request; 1: each goes alone
	connections int
}

// publish publishes and returns when everything has been accepted.
func (w *world) publish(ctx context.Context, p publication, tell func(done int64)) error {
	var next, accepted atomic.Int64
	next.Store(int64(p.first))
	bodies := make([][]byte, p.connections)
	return load{
		address: w.address(), connections: p.connections,
		next: func(connection int, buffer []byte) ([]byte, bool) {
			end := int(next.Add(int64(p.batch)))
			first := end - p.batch
			if first >= p.end {
				return buffer, false
			}
			body := bodies[connection][:0]
			if p.batch == 1 {
				body = appendEvent(body, first)
			} else {
				body = appendBatch(body, first, min(end, p.end))
			}
			bodies[connection] = body
			return appendRequest(buffer, "POST", "/v1/events", w.key, body), true
		},
		answered: func(int) { tell(min(accepted.Add(int64(p.batch)), int64(p.end-p.first))) },
	}.run(ctx)
}

// store publishes events that nobody measures, in the largest batches there are.
func (w *world) store(ctx context.Context, first, end int, tell func(done int64)) error {
	return w.publish(ctx, publication{first: first, end: end, batch: 1000, connections: 4}, tell)
}
