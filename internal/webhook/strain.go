package webhook

import (
	"time"

	"parley"
)

const (
	// easing is how long a strain takes at least from nothing to all, and back: what
	// is short for a moment changes little.
	easing = 10 * time.Second
	// leastPatience is what the limit of an exchange does not come below, unless its
	// endpoint asks for less.
	leastPatience = 5 * time.Second
)

// patience is how long an exchange may take that has this limit when there is no
// load: down to half.
func patience(limit time.Duration, load float64) time.Duration {
	return max(min(limit, leastPatience), limit-scale(limit, load/2))
}

// stretch is how long a retry waits that would wait this long if there were no load:
// up to double.
func stretch(wait time.Duration, load float64) time.Duration { return wait + scale(wait, load) }

func scale(d time.Duration, by float64) time.Duration { return time.Duration(float64(d) * by) }

// strain is how short something has been lately, from 0 to 1.
type strain struct {
	level, aim float64
	at         time.Time // when that was the level; since then it moves to the aim
}

func (s *strain) ease(now time.Time) float64 {
	far := float64(now.Sub(s.at)) / float64(easing)
	s.level += max(-far, min(far, s.aim-s.level))
	s.at = now
	return s.level
}

// follow has the level move to another aim from now on.
func (s *strain) follow(now time.Time, aim float64) {
	s.ease(now)
	s.aim = max(0, min(aim, 1))
}

// load is how short of these places an organization has been lately, from 0 to 1. It
// rises when it holds more than half of what it may hold, and for all when little but
// the reserve is left.
func (s *slots) load(org parley.OrganizationID) float64 {
	if !s.eases {
		return 0
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	level := s.strain.ease(now)
	if sh := s.shares[org]; sh != nil {
		level = max(level, sh.strain.ease(now))
	}
	return level
}

// mostLoad is the load of the organization that has the most.
func (s *slots) mostLoad() float64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	level := s.strain.ease(now)
	for _, sh := range s.shares {
		level = max(level, sh.strain.ease(now))
	}
	return level
}

// follow has the strains follow what has become of a share.
func (s *slots) follow(sh *share) {
	if !s.eases {
		return
	}
	now := time.Now()
	s.strain.follow(now, s.scarcity())
	sh.strain.follow(now, s.need(sh))
}

// scarcity is 1 when only the reserve is free, and 0 from four times as many on.
func (s *slots) scarcity() float64 {
	return float64(4*s.reserve-s.free) / float64(3*s.reserve)
}

// need is 1 for an organization that may have no more, and 0 for one that may have
// as many again as it holds.
func (s *slots) need(sh *share) float64 {
	if sh.waiting.Len() > 0 || s.limit() <= sh.held {
		return 1
	}
	return 2*float64(sh.held)/float64(s.limit()) - 1
}
