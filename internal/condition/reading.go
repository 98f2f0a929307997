package condition

import (
	"math"
	"sync"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/interpreter"

	"parley"
)

// reading is one event as one run of a condition sees it. Its data is parsed when
// the run first asks for it. It is for one goroutine.
type reading struct {
	event *parley.Event
	text  []byte // the event's data, once it is parsed
	nodes []node
	err   error
	work  int // what may still be spent; see spend
}

// maxWork is how much a run may do that CEL's own count of costs does not see:
// members compared by name, items compared, strings read.
const maxWork = 500_000

var readings = sync.Pool{New: func() any { return new(reading) }}

// read makes a reading, which the caller releases. No value of it may be kept
// longer.
func read(e *parley.Event) *reading {
	r := readings.Get().(*reading)
	r.event, r.work = e, maxWork
	return r
}

func (r *reading) release() {
	const keep = 1024 // nodes: larger data is rare and not worth the memory
	if cap(r.nodes) > keep {
		r.nodes = nil
	}
	*r = reading{nodes: r.nodes[:0]}
	readings.Put(r)
}

// spend counts work. The panic is the interpreter's own way to stop a run; it is
// caught where the run began and becomes an error.
func (r *reading) spend(work int) {
	if r.work -= work; r.work < 0 {
		panic(interpreter.EvalCancelledError{Cause: interpreter.CostLimitExceeded, Message: "too much work"})
	}
}

// Parent is part of interpreter.Activation: there is none.
func (r *reading) Parent() interpreter.Activation { return nil }

// ResolveName gives the value of a variable.
func (r *reading) ResolveName(name string) (any, bool) {
	switch name {
	case "data":
		return r.data(), true
	case "type":
		return types.String(r.event.Type), true
	case "id":
		return types.String(r.event.ID), true
	case "sequence":
		return types.Int(r.event.Sequence), true
	case "timestamp":
		return types.Timestamp{Time: r.event.CreatedAt.Std()}, true
	case "organization_id":
		return types.String(r.event.Organization), true
	case "inbox_id":
		if r.event.Inbox == "" {
			return types.NullValue, true
		}
		return types.String(r.event.Inbox), true
	case "actor":
		return &r.event.Actor, true
	case "cause":
		if r.event.Cause == nil {
			return types.NullValue, true
		}
		return r.event.Cause, true
	}
	return nil, false
}

// data is the event's data, parsed.
func (r *reading) data() any {
	if len(r.nodes) == 0 && r.err == nil {
		r.parse()
	}
	if r.err != nil {
		return types.WrapErr(r.err)
	}
	return r.nodes[0].value()
}

func (r *reading) parse() {
	if len(r.event.Data) == 0 || len(r.event.Data) > math.MaxInt32 {
		r.err = errUnreadable
		return
	}
	r.text = r.event.Data
	s := scanner{reading: r}
	r.err = s.scan()
}
