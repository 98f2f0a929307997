package bench

import (
	"context"
	"fmt"
	"path/filepath"
)

// profile has the server's CPU profiled, if that is asked for, until stop is called.
func (w *world) profile(ctx context.Context, name string) (stop func() error, err error) {
	if !w.run.options.Profile {
		return func() error { return nil }, nil
	}
	if err := w.order(ctx, profileOrder{CPU: w.run.profilePath(name, "cpu")}); err != nil {
		return nil, err
	}
	return func() error { return w.order(ctx, profileOrder{}) }, nil
}

// profileMemory writes what the server's memory is used for, if that is asked for.
func (w *world) profileMemory(ctx context.Context, name string) error {
	if !w.run.options.Profile {
		return nil
	}
	return w.order(ctx, profileOrder{Heap: w.run.profilePath(name, "heap")})
}

func (w *world) order(ctx context.Context, o profileOrder) error {
	var done struct{}
	return w.server.tell(ctx, o, &done)
}

// profilePath is where the next profile goes.
func (r *run) profilePath(name, kind string) string {
	r.profiles++
	return filepath.Join(r.folder, fmt.Sprintf("%s-%d.%s.pprof", name, r.profiles, kind))
}
