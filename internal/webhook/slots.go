package webhook

// How many requests the process has under way at most: to endpoints that answer
// quickly, and to those that are slow, failing or not known yet. A thousand
// endpoints that hang fill the second and leave the first alone.
const (
	quickSlots = 1024
	slowSlots  = 512
)

// slots are places for requests under way.
type slots chan struct{}

func (s slots) take()    { s <- struct{}{} }
func (s slots) release() { <-s }
