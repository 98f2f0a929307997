package mirror

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"parley/internal/database"
)

// target is where the copy is kept.
type target interface {
	// load makes a place for each noun and for the events, and gives the state; a
	// target that is new has an empty one. It is called again after an error.
	load(ctx context.Context, nouns []*Noun) (*state, error)

	// commit writes a batch and the state that it leads to, both or neither.
	commit(ctx context.Context, b *batch, s *state) error

	// compares tells whether the target can take spans: it knows what it has.
	compares() bool

	close() error
}

// errTaken says that another mirror has written to the target.
var errTaken = errors.New("another `parley mirror` writes to this target: stop one of them, or give it a target of its own")

// open finds the target that a URL names.
func open(ctx context.Context, to, prefix string) (target, error) {
	scheme, rest, _ := strings.Cut(to, ":")
	switch {
	case scheme == "jsonl" && rest != "":
		return openFiles(rest, prefix)
	case scheme == "sqlite" && rest != "", scheme == "postgres", scheme == "postgresql":
		pool, engine, err := database.OpenOutside(ctx, to)
		if err != nil {
			return nil, err
		}
		return newTables(pool, engine, prefix), nil
	}
	return nil, fmt.Errorf("the target must be postgres://…, sqlite:FILE or jsonl:FOLDER, not %q", scheme+":…")
}
