package webhook

import (
	"context"
	"encoding/json"

	"parley"
)

// On has a function handle the events of a type that package parley declares. It
// panics if the type has a handler already.
//
// What it returns nil for is done and will not come again; an error has the event come
// again. Events of one conversation or object come one after the other, but one that
// comes again may come after later ones: compare its Sequence where that matters.
func On[D any](r *Receiver, t parley.EventType[D], handle func(context.Context, Event[D]) error) {
	OnName(r, t.Name(), handle)
}

// OnName has a function handle the events of a type by its name: your own, custom.…,
// or a type that this release of package parley does not know. Their data must be
// JSON that can be read into a D.
func OnName[D any](r *Receiver, name string, handle func(context.Context, Event[D]) error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, taken := r.handlers[name]; taken {
		panic("webhook: there are two handlers for " + name)
	}
	r.handlers[name] = func(ctx context.Context, raw RawEvent) error {
		e, err := typed[D](raw)
		if err != nil {
			return err
		}
		return handle(ctx, e)
	}
}

// Otherwise has a function handle the events of all types that have no handler of
// their own. Without it they are answered with 204 and passed over.
func (r *Receiver) Otherwise(handle func(context.Context, Event[json.RawMessage]) error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.otherwise = handle
}

// handlerOf is the handler of a type, nil if there is none.
func (r *Receiver) handlerOf(name string) handler {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if handle, ok := r.handlers[name]; ok {
		return handle
	}
	return r.otherwise
}
