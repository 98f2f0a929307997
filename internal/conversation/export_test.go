package conversation

import "context"

// WakeDue ends the snoozes whose time has come.
func (c *Conversations) WakeDue(ctx context.Context) error { return c.wakeDue(ctx) }
