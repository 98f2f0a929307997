package mirror

import (
	"context"
	"errors"
	"sync"
)

// askedAtOnce is how many lists of parts are asked for at once: each is short, and
// most of the time goes by on the way.
const askedAtOnce = 8

// parts gives the objects of a noun that are parts of another's: the list of each
// parent, in the order in which those changed.
func (m *mirror) parts(ctx context.Context, n *Noun, w walk, yield func(page) error) error {
	return ahead(ctx, askedAtOnce, func(ctx context.Context, started func(<-chan answer) error) error {
		return m.askAhead(ctx, n, w, started)
	}, func(lists <-chan (<-chan answer)) error {
		for list := range lists {
			for a := range list {
				if a.err != nil {
					return a.err
				}
				if err := yield(a.page); err != nil {
					return err
				}
			}
		}
		return yield(page{noun: n, left: w.next()})
	})
}

// answer is a page of a list of parts, or why there is none.
type answer struct {
	page page
	err  error
}

// askAhead starts to ask for the parts of one parent after another, and gives what
// comes of each in the order of the parents.
func (m *mirror) askAhead(ctx context.Context, n *Noun, w walk, started func(<-chan answer) error) error {
	var asking sync.WaitGroup
	defer asking.Wait()
	outer := walk{After: w.After}
	return m.list(ctx, n.parent, n.parent.path, outer, func(parents page) error {
		for _, parent := range parents.rows {
			list := make(chan answer, 1)
			inner := walk{Compare: w.Compare, After: 0}
			if w.Inside == parent.id {
				inner.After = w.InsideAfter
			}
			before := w
			before.Inside, before.InsideAfter = "", 0
			asking.Go(func() {
				defer close(list)
				m.ask(ctx, n, parent, inner, before, list)
			})
			if err := started(list); err != nil {
				return err
			}
			w.After = parent.sequence
		}
		return nil
	})
}

// ask asks for the parts of one parent. A parent that has gone has none: its event
// follows.
func (m *mirror) ask(ctx context.Context, n *Noun, parent row, inner, before walk, list chan<- answer) {
	give := func(a answer) error {
		select {
		case list <- a:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	after := before
	after.After = parent.sequence
	err := m.list(ctx, n, n.pathIn(parent.id), inner, func(p page) error {
		left := after
		if p.left != nil { // there is more of this parent
			left = before
			if !inner.Compare {
				left.Inside, left.InsideAfter = parent.id, p.left.After
			}
		}
		p.left = &left
		if p.span != nil {
			p.span.parent = parent.id
		}
		return give(answer{page: p})
	})
	if errors.Is(err, ErrNotThere) {
		left := after
		err = give(answer{page: page{noun: n, left: &left}})
	}
	if err != nil && ctx.Err() == nil {
		_ = give(answer{err: err}) // or nobody waits for it any more
	}
}
