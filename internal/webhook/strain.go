package webhook

import "time"

// patience is how long an exchange may take that has this limit when there is no load.
func (e *Engine) patience(limit time.Duration) time.Duration { return limit }

// stretch is how long a retry waits that would wait this long if there were no load.
func (e *Engine) stretch(wait time.Duration) time.Duration { return wait }
