package stream

import (
	"slices"
	"sync"
)

// How many streams may be open: of one login, so that a browser that opens six connections
// to a server has one left for pages, and of all.
const (
	mostOfLogin = 5
	mostOfAll   = 1000
)

// places are those of open streams, the oldest first.
type places struct {
	mu   sync.Mutex
	open []*place
}

type place struct {
	login string
	end   chan struct{} // closed when it is needed for another stream
}

// take gives a stream a place, for which the oldest of the login, or of all, may have to
// give up theirs.
func (p *places) take(login string) *place {
	taken := &place{login, make(chan struct{})}
	p.mu.Lock()
	defer p.mu.Unlock()
	own := 0
	for _, o := range p.open {
		if o.login == login {
			own++
		}
	}
	if own >= mostOfLogin {
		p.end(slices.IndexFunc(p.open, func(o *place) bool { return o.login == login }))
	} else if len(p.open) >= mostOfAll {
		p.end(0)
	}
	p.open = append(p.open, taken)
	return taken
}

func (p *places) end(i int) {
	close(p.open[i].end)
	p.open = slices.Delete(p.open, i, i+1)
}

func (p *places) leave(left *place) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if i := slices.Index(p.open, left); i >= 0 {
		p.open = slices.Delete(p.open, i, i+1)
	}
}
