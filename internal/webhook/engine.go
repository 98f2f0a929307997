package webhook

import (
	"context"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"parley"
	"parley/internal/database"
	"parley/internal/endpoint"
	"parley/internal/eventlog"
	"parley/internal/outbound"
	"parley/internal/store"
)

const (
	// tidyEvery is how often runners are looked after that nothing wakes.
	tidyEvery = time.Second
	// storeSkippedAfter and storeSkippedAt say when a cursor is stored that only
	// passed events not meant for its endpoint.
	storeSkippedAfter = 30 * time.Second
	storeSkippedAt    = 1000
	// surveyEvery is how often the engine looks for endpoints that another process
	// has added, changed or removed.
	surveyEvery = 5 * time.Second
	// stopWithin is how long deliveries on their way may take to end when the engine
	// stops; those that are cut off then are made again after the next start.
	stopWithin = 10 * time.Second
)

// Config is what an engine works with.
type Config struct {
	DB        *database.DB
	Log       *eventlog.Log
	Endpoints *endpoint.Endpoints
	Client    *outbound.Client
	Logger    *slog.Logger
}

// Engine delivers to all endpoints of all organizations.
type Engine struct {
	Config
	rec         *recorder
	quick, slow slots
	totals      totals

	// ctx ends when the engine must be done; stopping is set before, and nothing
	// new is sent from then on.
	ctx        context.Context
	stopping   atomic.Bool
	workers    sync.WaitGroup
	background sync.WaitGroup

	mu      sync.Mutex
	byID    map[parley.WebhookID]*runner
	byOrg   map[parley.OrganizationID]map[parley.WebhookID]*runner
	moved   map[parley.OrganizationID]bool // organizations whose log has grown
	changed map[endpoint.Name]bool         // endpoints to be loaded again
	signal  chan struct{}
}

// New makes an engine and registers it with the log and the endpoints, which must
// not be in use yet. It delivers nothing before Run.
func New(c Config) *Engine {
	e := &Engine{
		Config: c, rec: newRecorder(c.DB, c.Logger),
		quick: make(slots, quickSlots), slow: make(slots, slowSlots), ctx: context.Background(),
		byID: map[parley.WebhookID]*runner{}, byOrg: map[parley.OrganizationID]map[parley.WebhookID]*runner{},
		moved: map[parley.OrganizationID]bool{}, changed: map[endpoint.Name]bool{}, signal: make(chan struct{}, 1),
	}
	c.Log.Watch(e.grown)
	c.Endpoints.Serve(e)
	return e
}

// grown is told by the log that an organization's log has grown.
func (e *Engine) grown(org parley.OrganizationID, _ int64) {
	e.mu.Lock()
	if len(e.byOrg[org]) > 0 {
		e.moved[org] = true
	}
	e.mu.Unlock()
	e.rouse()
}

// Changed is told by the verbs that an endpoint has changed. No delivery to it
// begins until the engine has seen what it is like now.
func (e *Engine) Changed(org parley.OrganizationID, id parley.WebhookID) {
	e.mu.Lock()
	if r := e.byID[id]; r != nil {
		r.stale.Store(true)
	}
	e.changed[endpoint.Name{Org: org, ID: id}] = true
	e.mu.Unlock()
	e.rouse()
}

func (e *Engine) rouse() {
	select {
	case e.signal <- struct{}{}:
	default:
	}
}

// Cursor is how far an endpoint has come; ok is false if this engine does not run it.
func (e *Engine) Cursor(id parley.WebhookID) (seq int64, ok bool) {
	e.mu.Lock()
	r := e.byID[id]
	e.mu.Unlock()
	if r == nil {
		return 0, false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.cursor, true
}

// Run delivers until ctx ends. Then it begins no new delivery, lets those on their
// way end, which their own limits see to, writes their records, and returns.
func (e *Engine) Run(ctx context.Context) error {
	var cancel context.CancelFunc
	e.ctx, cancel = context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	recording, stopRecording := context.WithCancel(context.WithoutCancel(ctx))
	var recorder sync.WaitGroup
	recorder.Go(func() { e.rec.run(recording) })

	err := e.survey(ctx)
	if err == nil {
		e.dispatch(ctx)
	}
	e.mu.Lock()
	e.stopping.Store(true) // under the lock: no worker starts after Wait has begun
	e.mu.Unlock()
	impatience := time.AfterFunc(stopWithin, cancel)
	defer impatience.Stop()
	e.workers.Wait()
	e.background.Wait()
	stopRecording()
	recorder.Wait()
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// dispatch wakes runners when there may be something for them, until ctx ends.
func (e *Engine) dispatch(ctx context.Context) {
	tidy, survey := time.NewTicker(tidyEvery), time.NewTicker(surveyEvery)
	defer tidy.Stop()
	defer survey.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tidy.C:
			e.tidy()
		case <-survey.C:
			if e.DB.Engine() == database.SQLite {
				continue // no other process changes endpoints
			}
			if err := e.survey(ctx); err != nil && ctx.Err() == nil {
				e.Logger.Warn("webhook.survey_failed", "error", err, "again_in", surveyEvery)
			}
		case <-e.signal:
		}
		e.reloadChanged(ctx)
		for _, r := range e.grownRunners() {
			r.wake()
		}
	}
}

func (e *Engine) grownRunners() (rs []*runner) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for org := range e.moved {
		rs = slices.AppendSeq(rs, maps.Values(e.byOrg[org]))
	}
	clear(e.moved)
	return rs
}

// tidy stores cursors that moved past events which were for others.
func (e *Engine) tidy() {
	e.mu.Lock()
	rs := slices.Collect(maps.Values(e.byID))
	e.mu.Unlock()
	now := time.Now()
	for _, r := range rs {
		r.mu.Lock()
		ahead := r.cursor - r.stored
		if ahead >= storeSkippedAt || ahead > 0 && now.Sub(r.storedAt) >= storeSkippedAfter {
			e.rec.add(r, store.Attempt{}, r.cursor)
			r.stored, r.storedAt = r.cursor, now
		}
		more := r.more && r.retries.len() == 0
		r.mu.Unlock()
		if more {
			e.Changed(r.name.Org, r.name.ID)
		}
	}
}

// survey compares the endpoints that are run with those there are.
func (e *Engine) survey(ctx context.Context) error {
	versions, err := e.Endpoints.Versions(ctx)
	if err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for name, version := range versions {
		if r := e.byID[name.ID]; r == nil || r.version.Load() != version {
			e.changed[name] = true
		}
	}
	for _, r := range e.byID {
		if _, there := versions[r.name]; !there {
			e.changed[r.name] = true
		}
	}
	if len(e.changed) > 0 {
		e.rouse()
	}
	return nil
}

func (e *Engine) reloadChanged(ctx context.Context) {
	e.mu.Lock()
	names := slices.Collect(maps.Keys(e.changed))
	clear(e.changed)
	e.mu.Unlock()
	for _, name := range names {
		if err := e.reload(ctx, name); err != nil && ctx.Err() == nil {
			e.Logger.Warn("webhook.load_failed", "org", name.Org, "endpoint", name.ID, "error", err, "again_in", readAgain)
			time.AfterFunc(readAgain, func() { e.Changed(name.Org, name.ID) })
		}
	}
}

// reload makes a runner what its endpoint is now.
func (e *Engine) reload(ctx context.Context, name endpoint.Name) error {
	sub, err := e.Endpoints.Load(ctx, name)
	if parley.KindOf(err) == parley.NotFound {
		e.drop(name)
		return nil
	}
	if err != nil {
		return err
	}
	conf, err := e.configure(sub)
	if err != nil {
		return err
	}
	e.mu.Lock()
	r := e.byID[name.ID]
	e.mu.Unlock()
	if r == nil {
		if r, err = e.newRunner(ctx, name, sub); err != nil {
			return err
		}
	}
	r.apply(sub, conf)
	if err := r.loadRetries(ctx); err != nil {
		return err
	}
	r.version.Store(sub.Webhook.Sequence)
	r.stale.Store(false)
	r.wake()
	return nil
}

func (e *Engine) newRunner(ctx context.Context, name endpoint.Name, sub endpoint.Subscription) (*runner, error) {
	r := &runner{e: e, name: name, window: window{size: windowStart}}
	r.stale.Store(true)
	r.moveTo(sub.Cursor)
	done, err := e.Endpoints.Done(ctx, name, sub.Cursor, maxAhead*2)
	if err != nil {
		return nil, err
	}
	for _, seq := range done {
		r.complete(seq)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.byID[name.ID] = r
	if e.byOrg[name.Org] == nil {
		e.byOrg[name.Org] = map[parley.WebhookID]*runner{}
	}
	e.byOrg[name.Org][name.ID] = r
	return r, nil
}

func (e *Engine) drop(name endpoint.Name) {
	e.mu.Lock()
	r := e.byID[name.ID]
	delete(e.byID, name.ID)
	delete(e.byOrg[name.Org], name.ID)
	e.mu.Unlock()
	if r == nil {
		return
	}
	r.gone.Store(true)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.timer != nil {
		r.timer.Stop()
	}
}

func (e *Engine) configure(sub endpoint.Subscription) (*config, error) {
	w := sub.Webhook
	header := http.Header{}
	for name, value := range w.Headers {
		header.Set(name, value)
	}
	target, err := e.Client.Target(w.URL, header)
	if err != nil {
		// The policy has become stricter since the endpoint was saved.
		e.Logger.Warn("webhook.target_refused", "org", sub.Org, "endpoint", w.ID, "error", err)
	}
	signer, err := outbound.NewSigner(sub.Secrets...)
	if err != nil {
		return nil, err
	}
	return &config{
		target: target, signer: signer, until: sub.Until,
		timeout: time.Duration(w.TimeoutSeconds) * time.Second, delays: delays(w.Retry),
		sends: w.Status == parley.EndpointActive || w.Status == parley.EndpointFailing,
		byKey: w.Ordering == "key", strict: w.Ordering == "strict",
	}, nil
}

// startWorker starts a goroutine for a runner, unless the engine is stopping.
func (e *Engine) startWorker(r *runner, j *job) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.stopping.Load() {
		return false
	}
	e.workers.Go(func() { r.work(j) })
	return true
}

// pause waits, and tells whether the engine goes on.
func (e *Engine) pause(d time.Duration) bool {
	for waited := time.Duration(0); waited < d && !e.stopping.Load(); waited += d / 10 {
		if !sleep(e.ctx, d/10) {
			return false
		}
	}
	return !e.stopping.Load()
}
