package mirror

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"
	"time"
)

const (
	pageLimit = 200 // the most that the API gives at once

	// A batch is written when it has so much, or a page has waited so long.
	batchRows  = 2000
	batchBytes = 4 << 20
	batchWait  = 200 * time.Millisecond
)

// page is a part of a noun's objects, and the walk that is left after it: nil if that
// was the last page.
type page struct {
	noun *Noun
	rows []row
	span *span // when ids are compared
	left *walk
}

// walk goes a noun's walk to its end.
func (m *mirror) walk(ctx context.Context, n *Noun) error {
	w := *m.state.Nouns[n.Name].Walk
	m.tell.Step, m.tell.Noun, m.tell.Place, m.tell.Rows = Copying, n.Name, w.After, 0
	if w.Compare {
		m.tell.Step = Comparing
	}
	m.report()
	produce := m.pages
	if n.parent != nil {
		produce = m.parts
	}
	w.Fresh = false
	return ahead(ctx, 64, func(ctx context.Context, yield func(page) error) error {
		return produce(ctx, n, w, yield)
	}, func(pages <-chan page) error {
		for more := true; more; {
			b, s := &batch{}, m.state.clone()
			var taken int
			if taken, more = gather(n, b, s, pages); taken == 0 {
				continue
			}
			if err := m.commit(ctx, b, s); err != nil {
				return err
			}
			m.tell.Rows += int64(len(b.of(n).puts))
			if left := s.Nouns[n.Name].Walk; left != nil {
				m.tell.Place = left.After
			}
			m.report()
		}
		return nil
	})
}

// gather takes the pages of a batch, and tells how many and whether there may be more.
func gather(n *Noun, b *batch, s *state, pages <-chan page) (taken int, more bool) {
	stands, c := s.Nouns[n.Name], b.of(n)
	c.clear = stands.Walk != nil && stands.Walk.Fresh
	var waited <-chan time.Time
	for len(c.puts) < batchRows && b.bytes < batchBytes {
		select {
		case p, ok := <-pages:
			if !ok {
				return taken, false
			}
			for _, r := range p.rows {
				b.put(n, r)
			}
			if p.span != nil {
				c.spans = append(c.spans, *p.span)
			}
			stands.Walk = p.left
			if taken++; taken == 1 {
				waited = time.After(batchWait)
			}
		case <-waited:
			return taken, true
		}
	}
	return taken, true
}

// pages gives the objects of a noun that stands for itself.
func (m *mirror) pages(ctx context.Context, n *Noun, w walk, yield func(page) error) error {
	if n.alone {
		var object json.RawMessage
		if err := m.source.Get(ctx, n.path, &object); err != nil {
			return err
		}
		r, err := n.rowOf(object)
		if err != nil {
			return err
		}
		return yield(page{n, []row{r}, nil, w.next()})
	}
	return m.list(ctx, n, n.path, w, func(p page) error {
		if p.left == nil {
			p.left = w.next()
		}
		return yield(p)
	})
}

// list gives the objects of one list, in the order and from the place of a walk.
func (m *mirror) list(ctx context.Context, n *Noun, path string, w walk, yield func(page) error) error {
	for {
		query := url.Values{"limit": {number(pageLimit)}}
		switch {
		case !w.Compare:
			query.Set("changed_after", number(w.After))
		case w.Page != "":
			query.Set("cursor", w.Page)
		}
		var answer struct {
			Data       []json.RawMessage `json:"data"`
			NextCursor string            `json:"next_cursor"`
		}
		if err := m.source.Get(ctx, path+"?"+query.Encode(), &answer); err != nil {
			return err
		}
		p := page{noun: n}
		for _, object := range answer.Data {
			r, err := n.rowOf(object)
			if err != nil {
				return err
			}
			p.rows = append(p.rows, r)
		}
		if w.Compare {
			p.span = w.compared(p.rows, answer.NextCursor)
		}
		if answer.NextCursor == "" {
			return yield(p)
		}
		last := p.rows[len(p.rows)-1]
		if w.Compare {
			w.Below, w.Page = last.id, answer.NextCursor
		} else {
			w.After = last.sequence
		}
		left := w
		p.left = &left
		if err := yield(p); err != nil {
			return err
		}
	}
}

// compared is the span of a page of ids, from the newest down.
func (w walk) compared(rows []row, next string) *span {
	s := &span{below: w.Below}
	for _, r := range rows {
		s.keep = append(s.keep, r.id)
	}
	if next != "" {
		s.from = s.keep[len(s.keep)-1]
	}
	return s
}

// pathIn is the path of the list of an object's parts.
func (n *Noun) pathIn(id string) string {
	return strings.Replace(n.path, "{id}", url.PathEscape(id), 1)
}
