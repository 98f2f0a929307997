package webhook

// Narrow leaves an engine that does not run yet so few places for endpoints that are
// slow or not known yet, and for their further requests.
func (e *Engine) Narrow(first, more int) {
	e.places.first, e.places.more = newSlots(first), newSlots(more)
	e.places.first.eases, e.places.more.eases = true, true
}
