package webhook

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"parley"
	"parley/internal/database"
	"parley/internal/endpoint"
	"parley/internal/eventlog"
	"parley/internal/outbound"
	"parley/internal/sandbox"
	"parley/internal/store"
)

const (
	// tidyEvery is how often cursors are stored that only passed events which were
	// not meant for their endpoint.
	tidyEvery = 30 * time.Second
	// surveyEvery is how often the engine looks for endpoints that another process
	// has added, changed or removed.
	surveyEvery = 5 * time.Second
	// stopWithin is how long deliveries on their way may take to end when the engine
	// stops; those that are cut off then are made again after the next start.
	stopWithin = 10 * time.Second
	// settleWithin is how long the database may take to tell what has changed when
	// the engine stops.
	settleWithin = 2 * time.Second
)

// Config is what an engine works with.
type Config struct {
	DB        *database.DB
	Log       *eventlog.Log
	Endpoints *endpoint.Endpoints
	Client    *outbound.Client
	Sandbox   *sandbox.Sandbox // where transformations run; nil: they cannot be run
	Logger    *slog.Logger
}

// Engine delivers to all endpoints of all organizations, or to those that are this
// process's, if several deliver.
type Engine struct {
	Config
	rec           *recorder
	verifications verifications
	places        places
	totals        tally
	underway      atomic.Int64 // attempts that are being made
	stats         statistics

	// stopped is closed when nothing new may be sent; ctx ends when the engine must
	// be done.
	stopped    chan struct{}
	ctx        context.Context
	workers    sync.WaitGroup
	background sync.WaitGroup

	mu      sync.Mutex
	byID    map[parley.WebhookID]*runner
	byOrg   map[parley.OrganizationID]map[parley.WebhookID]*runner
	moved   map[parley.OrganizationID]bool // organizations whose log has grown
	changed map[endpoint.Name]bool         // endpoints to be loaded again
	mine    [parts]bool                    // the parts of them that this process has
	anew    bool                           // a part has come: look for its endpoints
	signal  chan struct{}
}

// New makes an engine and registers it with the log and the endpoints, which must
// not be in use yet. It delivers nothing before Run.
func New(c Config) *Engine {
	e := newEngine(c, allParts())
	c.Log.Watch(e.grown)
	c.Endpoints.Serve(e)
	return e
}

func newEngine(c Config, mine []int) *Engine {
	e := &Engine{
		Config: c, rec: newRecorder(c.DB, c.Logger), verifications: newVerifications(), stats: newStatistics(),
		places:  newPlaces(),
		stopped: make(chan struct{}), ctx: context.Background(),
		byID: map[parley.WebhookID]*runner{}, byOrg: map[parley.OrganizationID]map[parley.WebhookID]*runner{},
		moved: map[parley.OrganizationID]bool{}, changed: map[endpoint.Name]bool{}, signal: make(chan struct{}, 1),
	}
	for _, part := range mine {
		e.mine[part] = true
	}
	return e
}

// grown is told by the log that an organization's log has grown.
func (e *Engine) grown(org parley.OrganizationID, head int64) {
	e.stats.grown(org, head)
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
		r.told.Add(1)
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

// Cursor is how far an endpoint has come since its cursor was moved back pass times;
// ok is false if this engine does not run it. It never waits for a delivery or for
// the database.
func (e *Engine) Cursor(id parley.WebhookID) (seq, pass int64, ok bool) {
	e.mu.Lock()
	r := e.byID[id]
	e.mu.Unlock()
	if r == nil {
		return 0, 0, false
	}
	pass = r.pass.Load() // first: it is stored after the cursor that it comes with
	return r.reached.Load(), pass, true
}

// Run delivers until ctx ends. Then it begins no new delivery, lets those on their
// way end, which their own limits see to, writes their records, and returns. An
// engine runs once.
func (e *Engine) Run(ctx context.Context) error {
	if err := e.rec.catchUp(ctx, e.Endpoints); err != nil {
		return err
	}
	var cancel context.CancelFunc
	e.ctx, cancel = context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	recording, stopRecording := context.WithCancel(context.WithoutCancel(ctx))
	var recorder sync.WaitGroup
	recorder.Go(func() { e.rec.run(recording) })
	recorder.Go(func() { e.keepStatistics(recording) })

	err := e.survey(ctx)
	if err == nil {
		e.dispatch(ctx)
	}
	e.mu.Lock()
	close(e.stopped) // under the lock: no worker starts after Wait has begun
	e.mu.Unlock()
	impatience := time.AfterFunc(stopWithin, cancel)
	defer impatience.Stop()
	e.workers.Wait()
	e.background.Wait()
	e.settle()
	stopRecording()
	recorder.Wait()
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// settle prepares what is left to be written when nothing is on its way any more.
func (e *Engine) settle() {
	ctx, cancel := context.WithTimeout(e.ctx, settleWithin)
	defer cancel()
	e.reloadChanged(ctx) // some may have been deleted
	e.tidy()
	for _, r := range e.runners() {
		r.rest()
	}
}

func (e *Engine) stopping() bool {
	select {
	case <-e.stopped:
		return true
	default:
		return false
	}
}

// dispatch wakes runners when there may be something for them, until ctx ends.
func (e *Engine) dispatch(ctx context.Context) {
	tidy, survey := time.NewTicker(tidyEvery), time.NewTicker(surveyEvery)
	defer tidy.Stop()
	defer survey.Stop()
	if e.DB.Engine() == database.SQLite {
		survey.Stop() // no other process changes endpoints
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-tidy.C:
			e.tidy()
		case <-survey.C:
			e.surveyAgain(ctx)
		case <-e.signal:
			if e.grownByParts() {
				e.surveyAgain(ctx)
			}
		}
		e.reloadChanged(ctx)
		for _, r := range e.grownRunners() {
			r.wake()
		}
	}
}

func (e *Engine) runners() []*runner {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Collect(maps.Values(e.byID))
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
	for _, r := range e.runners() {
		r.mu.Lock()
		if r.cursor > r.stored {
			e.rec.add(r, store.Attempt{}, r.cursor)
			r.stored = r.cursor
		}
		r.mu.Unlock()
	}
}

// startWorker starts a goroutine, unless the engine is stopping.
func (e *Engine) startWorker(work func()) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.stopping() {
		return false
	}
	e.workers.Go(work)
	return true
}
