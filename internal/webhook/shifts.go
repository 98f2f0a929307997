package webhook

import (
	"context"
	"sync/atomic"
	"time"

	"parley"
	"parley/internal/database"
	"parley/internal/endpoint"
)

// shiftAgain is the pause after a shift that ended in an error, such as a database
// that went away.
const shiftAgain = time.Second

// Shifts runs an engine for this process's share of the endpoints. The processes that
// work on one database divide them; when one goes or loses the database, others go on
// from the stored cursors.
type Shifts struct {
	Config
	now atomic.Pointer[Engine] // nil while nothing is delivered from here

	// left are records that the database did not take any more in the last shift. If
	// they are written before the next, nothing of it is delivered again.
	left []record
}

// NewShifts registers with the log and the endpoints, which must not be in use yet.
// Nothing is delivered before Run.
func NewShifts(c Config) *Shifts {
	s := &Shifts{Config: c}
	c.Log.Watch(func(org parley.OrganizationID, head int64) {
		if e := s.now.Load(); e != nil {
			e.grown(org, head)
		}
	})
	c.Endpoints.Serve(s)
	return s
}

// Run delivers, as soon as there is a share for it, until ctx ends; see [Engine.Run] for how it
// ends then. An engine that fails is replaced.
func (s *Shifts) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		err := s.DB.Divide(ctx, "delivery", parts, s.shift)
		if err != nil && ctx.Err() == nil {
			s.Logger.Warn("webhook.shift_failed", "error", err, "again_in", shiftAgain)
			sleep(ctx.Done(), shiftAgain)
		}
	}
	if len(s.left) > 0 {
		s.Logger.Error("webhook.records_lost", "count", len(s.left), "detail", "these deliveries were made, and will be made again after the next start")
	}
	return nil
}

func (s *Shifts) shift(mine []int) database.Divided {
	e := newEngine(s.Config, mine)
	e.rec.pending = s.left
	return &shift{e, s}
}

// shift is an engine from when this process got a share until it lost it.
type shift struct {
	*Engine
	shifts *Shifts
}

// Run implements database.Divided.
func (s *shift) Run(ctx context.Context) error {
	s.shifts.now.Store(s.Engine)
	defer s.shifts.now.Store(nil)
	err := s.Engine.Run(ctx)
	s.shifts.left = s.rec.pending
	return err
}

// Changed implements endpoint.Engine. Another process that delivers finds out by
// itself.
func (s *Shifts) Changed(org parley.OrganizationID, id parley.WebhookID) {
	if e := s.now.Load(); e != nil {
		e.Changed(org, id)
	}
}

// Cursor implements endpoint.Engine.
func (s *Shifts) Cursor(id parley.WebhookID) (seq, pass int64, ok bool) {
	if e := s.now.Load(); e != nil {
		return e.Cursor(id)
	}
	return 0, 0, false
}

// Standing implements endpoint.Engine.
func (s *Shifts) Standing(id parley.WebhookID, seq int64, key string) (endpoint.Standing, bool) {
	if e := s.now.Load(); e != nil {
		return e.Standing(id, seq, key)
	}
	return endpoint.Standing{}, false
}

// Totals tells how many attempts ended how in the present shift; zero while another
// process delivers.
func (s *Shifts) Totals() Totals {
	if e := s.now.Load(); e != nil {
		return e.Totals()
	}
	return Totals{}
}
