package webhook

import (
	"time"

	"parley/internal/store"
)

// note counts an attempt in the endpoint's statistics. The caller holds the runner's
// lock.
func (r *runner) note(_ *store.Attempt, _ time.Time) {}
