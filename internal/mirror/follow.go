package mirror

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// happening is an event, or events that the server no longer keeps.
type happening struct {
	event       Event
	first, last int64 // of those that were missed; 0: none were
}

// headEvery is how often the head of the log is asked for while events are followed.
const headEvery = 10 * time.Second

// errReached ends the following at a place.
var errReached = errors.New("the place is reached")

// follow writes events to the target as they come, until one place is reached; 0:
// until ctx ends.
func (m *mirror) follow(ctx context.Context, until int64) error {
	m.tell.Step, m.tell.Noun, m.tell.Place, m.tell.Rows = Following, "", m.state.Cursor, 0
	if m.state.Cursor < m.state.RecordUntil {
		m.tell.Step = Recording
	} else if err := m.lookUp(ctx); err != nil {
		return err
	}
	m.report()
	if until > 0 && m.state.Cursor >= until {
		return nil
	}
	err := ahead(ctx, 512, func(ctx context.Context, yield func(happening) error) error {
		missed := func(first, last int64) { _ = yield(happening{first: first, last: last}) } // or ctx has ended
		return m.source.Follow(ctx, m.state.Cursor, func(e Event) error { return yield(happening{event: e}) }, missed)
	}, func(come <-chan happening) error {
		return m.take(ctx, come, until)
	})
	return reached(err)
}

// reached is err, unless it only says that the place is reached.
func reached(err error) error {
	if errors.Is(err, errReached) {
		return nil
	}
	return err
}

// lookUp asks where the head of the log is.
func (m *mirror) lookUp(ctx context.Context) error {
	head, err := m.head(ctx)
	if err != nil {
		return err
	}
	m.tell.Head = max(head, m.tell.Place)
	m.tell.CaughtUp = m.tell.Place >= head
	return nil
}

// take writes what comes, as much at once as there is.
func (m *mirror) take(ctx context.Context, come <-chan happening, until int64) error {
	look := time.NewTicker(headEvery)
	defer look.Stop()
	for {
		select {
		case h, ok := <-come:
			if !ok {
				return ctx.Err()
			}
			if err := m.takeAll(ctx, h, come, until); err != nil {
				return err
			}
			if until > 0 && m.state.Cursor >= until {
				return errReached
			}
		case <-look.C:
			if m.tell.Step == Following {
				if err := m.lookUp(ctx); err != nil {
					return err
				}
				m.report()
			}
		}
	}
}

// takeAll writes what has come already.
func (m *mirror) takeAll(ctx context.Context, h happening, come <-chan happening, until int64) error {
	b, s := &batch{}, m.state.clone()
	for ok := true; ok; {
		if h.first > 0 {
			return m.miss(ctx, b, s, h)
		}
		if err := m.add(b, s, h.event); err != nil {
			return err
		}
		if b.full() || s.Cursor == until {
			break
		}
		select {
		case h, ok = <-come:
		default:
			ok = false
		}
	}
	if err := m.commit(ctx, b, s); err != nil {
		return err
	}
	m.tell.Place, m.tell.Rows = s.Cursor, m.tell.Rows+int64(len(b.events))
	if m.tell.Step == Following {
		m.tell.CaughtUp = s.Cursor >= m.tell.Head
		m.tell.Head = max(m.tell.Head, s.Cursor)
	}
	m.report()
	if s.Reread < s.AsOf && m.tell.Step == Following {
		return errAgain
	}
	return nil
}

// add records an event, and applies it unless what it tells is copied anyway.
func (m *mirror) add(b *batch, s *state, e Event) error {
	b.record(e.JSON)
	m.erased(s, e)
	if e.Sequence > s.RecordUntil {
		if err := b.apply(m.byWord, e); err != nil {
			return fmt.Errorf("event %d: %w", e.Sequence, err)
		}
	}
	s.Cursor, s.LastEvent = e.Sequence, e.ID
	return nil
}

// miss notes that events are missing from the log, and that stock has to be taken
// because of that.
func (m *mirror) miss(ctx context.Context, b *batch, s *state, h happening) error {
	head, err := m.head(ctx)
	if err != nil {
		return err
	}
	m.Note(fmt.Sprintf("The server no longer keeps the events from %d to %d: the target will lack them, and takes stock of the objects anew.", h.first, h.last))
	s.Cursor, s.LastEvent, s.RecordUntil = h.last, "", max(head, h.last)
	if m.target.compares() {
		s.AsOf, s.Reread = s.RecordUntil, 0 // nobody knows what was erased meanwhile
	}
	for _, n := range m.nouns {
		stands := s.Nouns[n.Name]
		switch {
		case stands.Walk != nil && !stands.Walk.Compare: // it goes through what changed as it is
		case !m.target.compares():
			stands.Walk = &walk{Fresh: true}
		case n.alone:
			stands.Walk = &walk{}
		case n.parent != nil: // a part may change, and its parent not
			stands.Walk = &walk{Compare: true}
		default:
			stands.Walk = &walk{After: h.first - 1, Stock: true}
		}
	}
	if err := m.commit(ctx, b, s); err != nil {
		return err
	}
	return errAgain
}

func (m *mirror) report() { m.Tell(m.tell) }
