package webhook_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"parley"
	"parley/internal/database"
	"parley/internal/endpoint"
	"parley/internal/eventlog"
	"parley/internal/outbound"
	"parley/internal/sandbox"
	"parley/internal/testing/dbtest"
	"parley/internal/testing/receiver"
	"parley/internal/vault"
	"parley/internal/webhook"
)

// sealing is the vault of all tests: what one engine has sealed, the next opens.
var sealing = vault.Ephemeral()

// house is a database with the parts that webhook delivery needs, and an engine
// that the test starts and stops. It has one organization from the start.
type house struct {
	*webhook.Engine
	t         testing.TB
	db        *database.DB
	path      string
	log       *eventlog.Log
	endpoints *endpoint.Endpoints
	client    *outbound.Client
	wire      *wire
	sandbox   *sandbox.Sandbox // nil: transformations cannot be run
	logger    *slog.Logger     // nil: warnings, to the test's log
	org       parley.OrganizationID

	cancel context.CancelFunc
	done   chan struct{}
}

// virtual runs a test in virtual time.
func virtual(t *testing.T, body func(t *testing.T)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, body)
}

// open makes a house on a new SQLite database, from which the receivers are reached.
// Its engine runs.
func open(t *testing.T, receivers ...*receiver.Receiver) *house {
	t.Helper()
	h := &house{t: t, path: filepath.Join(t.TempDir(), "parley.db"), wire: &wire{to: receiver.Network(receivers...)}}
	h.db = dbtest.Open(t, database.Config{Path: h.path, ReadConns: 2})
	h.furnish()
	h.org = h.organization()
	h.start()
	return h
}

// furnish puts the parts together. The engine does not run yet.
func (h *house) furnish() {
	logger := h.logger
	if logger == nil {
		logger = slog.New(slog.NewTextHandler(h.t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	}
	policy := outbound.Policy{AllowHTTP: true, AllowPrivate: true}
	h.log = eventlog.New(h.db, logger)
	h.endpoints = endpoint.New(h.db, h.log, policy, sealing)
	h.endpoints.RunIn(h.sandbox)
	h.client = outbound.New(policy, outbound.Options{DialContext: h.wire.dial})
	h.t.Cleanup(h.client.Close)
	h.Engine = webhook.New(webhook.Config{DB: h.db, Log: h.log, Endpoints: h.endpoints, Client: h.client, Sandbox: h.sandbox, Logger: logger})
}

// start runs the engine until stop, or the end of the test.
func (h *house) start() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	h.cancel, h.done = cancel, done
	engine := h.Engine
	go func() {
		defer close(done)
		if err := engine.Run(ctx); err != nil {
			h.t.Errorf("run the engine: %v", err)
		}
	}()
	h.t.Cleanup(h.stop)
}

// stop stops the engine gracefully.
func (h *house) stop() {
	h.cancel()
	<-h.done
}

// restart starts a new engine on the same database, after the old one has stopped.
func (h *house) restart() {
	h.stop()
	h.furnish()
	h.start()
}

// crash ends the engine without letting it finish or write anything, as far as
// that can be done without ending the process, and starts a new one.
func (h *house) crash() {
	h.t.Helper()
	h.wire.cut()
	h.must(h.db.Close())
	h.stop()
	h.wire = &wire{to: h.wire.to}
	h.db = dbtest.Open(h.t, database.Config{Path: h.path, ReadConns: 2})
	h.furnish()
	h.start()
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) caller() parley.Caller {
	return parley.Caller{Organization: h.org, Actor: parley.System}
}

// organization makes one more.
func (h *house) organization() parley.OrganizationID {
	h.t.Helper()
	org := parley.NewID[parley.OrganizationID]()
	h.must(h.db.Write(h.t.Context(), org, func(ctx context.Context, tx *database.Tx) error {
		_, err := tx.Exec(ctx, "insert into organizations (id, name, created_at, updated_at) values ($1, 'Test', 0, 0)", string(org))
		return err
	}))
	return org
}

// subscribe adds an endpoint that wants every custom event, or what change says.
func (h *house) subscribe(url string, change ...func(*parley.Webhook)) parley.WebhookID {
	h.t.Helper()
	id, _ := h.subscribeSecret(url, change...)
	return id
}

func (h *house) subscribeSecret(url string, change ...func(*parley.Webhook)) (parley.WebhookID, string) {
	h.t.Helper()
	w := parley.Webhook{
		URL: url, EventTypes: []string{"custom.*"}, Format: "standard", Ordering: "key",
		Retry: parley.Retry{Preset: "standard"}, TimeoutSeconds: 10,
	}
	for _, c := range change {
		c(&w)
	}
	made, secret, err := h.endpoints.Create(h.t.Context(), h.caller(), w, endpoint.Start{})
	h.must(err)
	return made.ID, string(secret)
}

func ordering(o string) func(*parley.Webhook) { return func(w *parley.Webhook) { w.Ordering = o } }

func types(patterns ...string) func(*parley.Webhook) {
	return func(w *parley.Webhook) { w.EventTypes = patterns }
}

func delays(seconds ...int) func(*parley.Webhook) {
	return func(w *parley.Webhook) { w.Retry = parley.Retry{Preset: "custom", Delays: seconds} }
}

// change alters an endpoint.
func (h *house) change(id parley.WebhookID, change ...func(*parley.Webhook)) {
	h.t.Helper()
	_, err := h.endpoints.Update(h.t.Context(), h.caller(), id, -1, func(w *parley.Webhook) error {
		for _, c := range change {
			c(w)
		}
		return nil
	})
	h.must(err)
}

func (h *house) get(id parley.WebhookID) parley.Webhook {
	h.t.Helper()
	w, err := h.endpoints.Get(h.t.Context(), h.org, id)
	h.must(err)
	return w
}

// deliveries are the newest of an endpoint, the newest event first.
func (h *house) deliveries(id parley.WebhookID) []parley.Delivery {
	h.t.Helper()
	ds, _, err := h.endpoints.Deliveries(h.t.Context(), h.org, id, endpoint.Wanted{}, 0, 1000)
	h.must(err)
	return ds
}

// delivery is that of an event to an endpoint, with its attempts.
func (h *house) delivery(id parley.WebhookID, event string) parley.Delivery {
	h.t.Helper()
	d, err := h.endpoints.Delivery(h.t.Context(), h.org, deliveryOf(id, event))
	h.must(err)
	return d
}

func deliveryOf(id parley.WebhookID, event string) parley.DeliveryID {
	return parley.NewDeliveryID(id, parley.EventID(event).Sequence())
}

// publish appends one event for each key, in one transaction, and gives their ids.
func (h *house) publish(keys ...string) []string {
	h.t.Helper()
	return h.publishAs("custom.thing", keys...)
}

func (h *house) publishAs(eventType string, keys ...string) (ids []string) {
	h.t.Helper()
	h.must(h.db.Write(h.t.Context(), h.org, func(ctx context.Context, tx *database.Tx) error {
		ids = ids[:0]
		for _, key := range keys {
			at, err := h.log.Next(ctx, tx)
			if err != nil {
				return err
			}
			draft, _ := parley.CustomEvent(eventType, key, json.RawMessage(`{"key":"`+key+`"}`))
			e, err := h.log.Append(ctx, tx, h.caller(), at, draft)
			if err != nil {
				return err
			}
			ids = append(ids, string(e.ID))
		}
		return nil
	}))
	return ids
}

// publishMany appends n events that take turns in so many keys.
func (h *house) publishMany(n, keys int) []string {
	h.t.Helper()
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf("key%d", i%keys)
	}
	return h.publish(all...)
}

// events are the types in the organization's log that begin with a prefix.
func (h *house) events(types ...string) (found []string) {
	h.t.Helper()
	events, err := h.log.Read(h.t.Context(), h.org, 0, 1000)
	h.must(err)
	for _, e := range events {
		if parley.Patterns(types).Match(e.Type) {
			found = append(found, e.Type)
		}
	}
	return found
}

// keyOf is the key of an event as a receiver sees it.
func keyOf(t testing.TB, q receiver.Request) string {
	var body struct{ Data struct{ Key string } }
	q.Decode(t, &body)
	return body.Data.Key
}

// wire is the network between an engine and its receivers. It can be cut for good.
type wire struct {
	to func(ctx context.Context, network, addr string) (net.Conn, error)

	mu    sync.Mutex
	dead  bool
	conns []net.Conn
}

var errCut = errors.New("the wire is cut")

func (w *wire) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	conn, err := w.to(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.dead {
		conn.Close()
		return nil, errCut
	}
	w.conns = append(w.conns, conn)
	return conn, nil
}

func (w *wire) cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.dead = true
	for _, conn := range w.conns {
		conn.Close()
	}
}

// gaps are the times between requests.
func gaps(requests []receiver.Request) []time.Duration {
	var between []time.Duration
	for i, q := range requests[1:] {
		between = append(between, q.At.Sub(requests[i].At))
	}
	return between
}

// await waits until an endpoint has a status, for so long.
func (h *house) await(id parley.WebhookID, status parley.EndpointStatus, within time.Duration) {
	h.t.Helper()
	for end := time.Now().Add(within); time.Now().Before(end); <-time.After(within / 100) {
		if h.get(id).Status == status {
			return
		}
	}
	h.t.Fatalf("the endpoint is %s after %v, want %s", h.get(id).Status, within, status)
}
