package attachment

import "context"

// Sweep sweeps once.
func (a *Attachments) Sweep(ctx context.Context) { a.sweep(ctx) }
