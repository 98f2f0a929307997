package sandbox

import (
	"context"
	"hash/maphash"
)

// callerKey names whoever shares one turn: by the name that OnBehalfOf gave, or
// by the hash of the source.
type callerKey struct {
	name   string
	source uint64
}

type callerContext struct{}

// OnBehalfOf says for whom calls under this context are made, usually an
// organization: they share one turn, whatever they run. Calls for nobody
// in particular share one with those of the same source.
func OnBehalfOf(ctx context.Context, caller string) context.Context {
	return context.WithValue(ctx, callerContext{}, caller)
}

func (t *turns) keyOf(ctx context.Context, source string) callerKey {
	if name, ok := ctx.Value(callerContext{}).(string); ok {
		return callerKey{name: name}
	}
	return callerKey{source: maphash.String(t.seed, source)}
}
