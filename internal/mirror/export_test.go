package mirror

import (
	"context"
	"encoding/json"
)

// EachObject gives every object of a noun, as the API shows it.
func EachObject(ctx context.Context, s Source, n *Noun, give func(json.RawMessage), failed func(error)) {
	whole := *n
	whole.without = nil
	m := &mirror{source: s}
	produce := m.pages
	if n.parent != nil {
		produce = m.parts
	}
	err := produce(ctx, &whole, walk{}, func(p page) error {
		for _, r := range p.rows {
			give(r.object)
		}
		return nil
	})
	if err != nil {
		failed(err)
	}
}

// Without are the fields of a noun that are not mirrored.
func Without(n *Noun) []string { return n.without }

// Path is the path of a noun's list.
func Path(n *Noun) string { return n.path }

// Word is what a noun is called in types of event.
func Word(n *Noun) string { return n.event }
