package webhook

import "context"

// WriteMinutes writes what was counted now.
func (e *Engine) WriteMinutes(ctx context.Context) error { return e.writeMinutes(ctx) }

// MinutesHeld is for how many endpoints a minute is in memory.
func (e *Engine) MinutesHeld() (n int) {
	for _, r := range e.runners() {
		r.mu.Lock()
		if r.noted.minute != nil {
			n++
		}
		r.mu.Unlock()
	}
	return n
}
