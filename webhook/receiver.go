package webhook

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"
)

// Config says how a [Receiver] is to be. Only Keys and Dedup must be given.
type Config struct {
	// Keys are what requests are verified with: the endpoint's secret, whsec_…, or its
	// public key, whpk_…; several while one replaces another.
	Keys []string

	// Dedup keeps events that come again from being done again: [InDatabase], [InMemory]
	// or, knowingly, [WithoutDedup].
	Dedup Dedup

	Tolerance time.Duration // how far from now the time of a request may be; 0: [Tolerance]
	MaxBody   int64         // how many bytes a body may have; 0: 4 MiB, more than Parley sends
	MaxTime   time.Duration // how long a handler may take; 0: one minute

	Logger *slog.Logger // is told what failed; nil: slog.Default()
}

const (
	defaultMaxBody = 4 << 20
	defaultMaxTime = time.Minute
	pruneEvery     = time.Hour
)

// Receiver is an http.Handler for an endpoint's URL. It answers
//
//   - 204 when the event is done, was done before, or has no handler;
//   - 200 with the token, when Parley verifies the endpoint;
//   - 401 when the signature is not good, 422 when the body is no event, 405 and 413;
//   - 500 when the handler returned an error, and 503 when it asked for [Later].
//
// Parley sends an event again that was answered with anything but 2xx. A handler that
// was begun is not broken off when Parley does not wait any longer, but only after
// MaxTime: so one that is slow is done when the event comes again.
type Receiver struct {
	verifier *Verifier
	dedup    Dedup
	maxBody  int64
	maxTime  time.Duration
	logger   *slog.Logger

	mu        sync.RWMutex
	handlers  map[string]handler
	otherwise handler

	pruning sync.Mutex
	pruned  time.Time
}

// handler does what is to be done about an event.
type handler func(ctx context.Context, e RawEvent) error

// NewReceiver makes a Receiver that has no handlers yet: see [On].
func NewReceiver(c Config) (*Receiver, error) {
	if c.Dedup == nil {
		return nil, errors.New("webhook: Dedup must be chosen, as every event may come twice: InDatabase, InMemory, or WithoutDedup if it does no harm")
	}
	if c.Tolerance < 0 || c.MaxBody < 0 || c.MaxTime < 0 {
		return nil, errors.New("webhook: Tolerance, MaxBody and MaxTime cannot be negative")
	}
	verifier, err := NewVerifier(c.Keys...)
	if err != nil {
		return nil, err
	}
	r := &Receiver{
		verifier: verifier, dedup: c.Dedup, maxBody: defaultMaxBody, maxTime: defaultMaxTime, logger: c.Logger,
		handlers: map[string]handler{},
	}
	if c.Tolerance > 0 {
		r.verifier = verifier.Within(c.Tolerance)
	}
	if c.MaxBody > 0 {
		r.maxBody = c.MaxBody
	}
	if c.MaxTime > 0 {
		r.maxTime = c.MaxTime
	}
	if r.logger == nil {
		r.logger = slog.Default()
	}
	return r, nil
}

// ServeHTTP implements http.Handler.
func (r *Receiver) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	r.receive(w, q).write(w)
	r.prune(context.WithoutCancel(q.Context()), w)
}

func (r *Receiver) receive(w http.ResponseWriter, q *http.Request) answer {
	if q.Method != http.MethodPost {
		return answer{status: http.StatusMethodNotAllowed, text: "webhooks are posted"}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, q.Body, r.maxBody))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return answer{status: http.StatusRequestEntityTooLarge, text: fmt.Sprintf("the body has over %d bytes, which is the limit here", r.maxBody)}
	}
	if err != nil {
		return answer{status: http.StatusBadRequest, text: "the body ended early"}
	}
	if err := r.verifier.Verify(q.Header, body); err != nil {
		r.logger.Info("webhook.refused", "reason", err)
		return answer{status: http.StatusUnauthorized, text: err.Error()}
	}
	if token, ok := verification(body); ok {
		return answer{status: http.StatusOK, text: token}
	}
	e, err := Parse(body)
	if err != nil {
		r.logger.Warn("webhook.not_read", "webhook_id", q.Header.Get(headerID), "error", err)
		return answer{status: http.StatusUnprocessableEntity, text: err.Error()}
	}
	return r.take(q.Context(), q.Header.Get(headerID), e)
}

// take does what is to be done about an event, once.
func (r *Receiver) take(ctx context.Context, id string, e RawEvent) answer {
	handle := r.handlerOf(e.Type)
	if handle == nil {
		return taken
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), r.maxTime)
	defer cancel()
	repeat, err := r.dedup.Once(ctx, id, func(ctx context.Context, tx *sql.Tx) error {
		e.Tx = tx
		return handle(ctx, e)
	})
	if err != nil {
		r.logger.Error("webhook.failed", "event", e.ID, "type", e.Type, "error", err)
		return failed(err)
	}
	if repeat {
		r.logger.Debug("webhook.repeated", "event", e.ID, "type", e.Type)
	}
	return taken
}

// prune has the Dedup forget what is old, now and then, after the answer is sent. One
// that fails is logged and tried again the next time.
func (r *Receiver) prune(ctx context.Context, w http.ResponseWriter) {
	dedup, ok := r.dedup.(pruner)
	if !ok || !r.pruning.TryLock() {
		return
	}
	defer r.pruning.Unlock()
	if time.Since(r.pruned) < pruneEvery {
		return
	}
	r.pruned = time.Now()
	_ = http.NewResponseController(w).Flush() // if it cannot, the answer waits for the pruning
	ctx, cancel := context.WithTimeout(ctx, r.maxTime)
	defer cancel()
	if err := dedup.Prune(ctx); err != nil {
		r.logger.Warn("webhook.not_pruned", "error", err)
	}
}
