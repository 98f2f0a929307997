package attachment

import (
	"sync"
	"time"

	"parley"
)

// How many uploads there may be at once: in the process, whose memory and disk they
// share, and of one organization, so that it leaves room for others.
const (
	maxUploads      = 32
	maxUploadsOfOne = 8
)

// slots counts the uploads that are under way.
type slots struct {
	mu    sync.Mutex
	all   int
	byOrg map[parley.OrganizationID]int
}

func (s *slots) enter(org parley.OrganizationID) (leave func(), err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var full *parley.Error
	switch {
	case s.byOrg[org] >= maxUploadsOfOne:
		full = parley.Errorf(parley.TooMany, "%d uploads of your organization are under way, which is as many as may be at once. Wait for one to end.", maxUploadsOfOne)
	case s.all >= maxUploads:
		full = parley.Errorf(parley.Unavailable, "As many uploads are under way as the server takes at once. Try again shortly.")
	default:
		s.all++
		s.byOrg[org]++
		return func() { s.leave(org) }, nil
	}
	full.RetryAfter = time.Second
	return nil, full
}

func (s *slots) leave(org parley.OrganizationID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all--
	if s.byOrg[org]--; s.byOrg[org] == 0 {
		delete(s.byOrg, org)
	}
}
