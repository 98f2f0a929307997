package mirror

import (
	"context"
	"errors"
	"fmt"

	"parley"
)

// erased notes that a contact was erased: the events before that tell less of it than
// they did, and what the target has of them is to be read again.
func (m *mirror) erased(s *state, e Event) {
	if e.Type != parley.ContactErased.Name() || e.Sequence <= s.AsOf {
		return
	}
	if !m.target.compares() {
		m.Note(fmt.Sprintf("A contact was erased at sequence %d: lines of the target that were written before still tell of it; give the mirror a new folder, and delete this one.", e.Sequence))
		return
	}
	s.AsOf, s.Reread = e.Sequence, 0
}

// reread brings the events that the target has to what they are now.
func (m *mirror) reread(ctx context.Context) error {
	if m.state.Reread >= m.state.AsOf {
		return nil
	}
	m.tell.Step, m.tell.Noun, m.tell.Place, m.tell.Rows = Rereading, "", m.state.Reread, 0
	b, s := &batch{}, m.state.clone()
	write := func() error {
		if err := m.commit(ctx, b, s); err != nil {
			return err
		}
		m.tell.Place, m.tell.Rows = s.Reread, m.tell.Rows+int64(len(b.rewritten))
		b, s = &batch{}, s.clone()
		m.report()
		return nil
	}
	missed := func(first, last int64) {
		m.Note(fmt.Sprintf("The server no longer keeps the events from %d to %d: in the target they stay as they were, and may tell of a contact that was erased since.", first, last))
		s.Reread = last
	}
	err := m.source.Follow(ctx, s.Reread, func(e Event) error {
		if s.Reread == 0 && e.Sequence > 1 { // from the beginning nothing is missed, the server says
			missed(1, e.Sequence-1)
		}
		if e.Sequence <= s.AsOf {
			b.rewrite(e.JSON)
		}
		s.Reread = e.Sequence
		if s.Reread >= s.AsOf {
			return errors.Join(write(), errReached)
		}
		if b.full() {
			return write()
		}
		return nil
	}, missed)
	if err == nil {
		return ctx.Err()
	}
	return reached(err)
}
