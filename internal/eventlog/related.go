package eventlog

import (
	"context"
	"math"

	"parley"
	"parley/internal/database"
	"parley/internal/store"
)

const (
	maxCauses  = 10
	maxEffects = 100
)

// Related is what led to an event, and what it led to.
type Related struct {
	Causes  []*parley.Event // its cause first, then the cause of that, and so on: 10 at most
	Effects []*parley.Event // those whose cause it is, in order: 100 at most

	// CausesCut says that there is a cause beyond those, which is not shown or no longer
	// kept, EffectsCut that there may be more effects: only so much of the log is searched.
	CausesCut, EffectsCut bool
}

// Related finds what led to an event, and what it led to; absent, it is a NotFound error.
func (l *Log) Related(ctx context.Context, org parley.OrganizationID, id parley.EventID) (Related, error) {
	event, err := l.Get(ctx, org, id)
	if err != nil {
		return Related{}, err
	}
	var r Related
	for e := event; e.Cause != nil; {
		if r.CausesCut = len(r.Causes) == maxCauses; r.CausesCut {
			break
		}
		e, err = l.Get(ctx, org, e.Cause.EventID)
		if r.CausesCut = parley.KindOf(err) == parley.NotFound; r.CausesCut {
			break
		}
		if err != nil {
			return Related{}, err
		}
		r.Causes = append(r.Causes, e)
	}
	w := walk{
		log: l, org: org, limit: maxEffects,
		rows: store.Where(`cause like ? escape '\'`, database.Prefix(`{"event_id":"`+string(id)+`"`)),
	}
	var reached int64
	r.Effects, reached, err = w.read(ctx, event.Sequence, math.MaxInt64)
	r.EffectsCut = reached != 0
	return r, err
}
