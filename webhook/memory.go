package webhook

import (
	"context"
	"errors"
	"sync"
)

// InMemory remembers the last so many ids for as long as the process runs. It is for
// programs without a database: an event that comes again after a restart, to another
// process, or after so many others, is done again.
func InMemory(most int) (Dedup, error) {
	if most < 1 {
		return nil, errors.New("webhook: InMemory must remember at least one id")
	}
	return &memory{most: most, underWay: map[string]chan struct{}{}, done: map[string]struct{}{}}, nil
}

type memory struct {
	most int

	mu       sync.Mutex
	underWay map[string]chan struct{} // closed when it is over
	done     map[string]struct{}
	order    []string // of done, a ring once it is full
	oldest   int
}

// Once implements Dedup.
func (m *memory) Once(ctx context.Context, id string, work Work) (repeat bool, err error) {
	for {
		done, twin := m.claim(id)
		if done {
			return true, nil
		}
		if twin == nil {
			return false, m.do(ctx, id, work)
		}
		select {
		case <-twin:
		case <-ctx.Done():
			return false, ctx.Err()
		}
	}
}

// claim notes that the work is under way, unless it is done, or a twin does it.
func (m *memory) claim(id string) (done bool, twin <-chan struct{}) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, done := m.done[id]; done {
		return true, nil
	}
	if twin, known := m.underWay[id]; known {
		return false, twin
	}
	m.underWay[id] = make(chan struct{})
	return false, nil
}

func (m *memory) do(ctx context.Context, id string, work Work) error {
	succeeded := false
	defer func() { m.release(id, succeeded) }()
	err := work(ctx, nil)
	succeeded = err == nil
	return err
}

func (m *memory) release(id string, succeeded bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	close(m.underWay[id])
	delete(m.underWay, id)
	if !succeeded {
		return
	}
	m.done[id] = struct{}{}
	if len(m.order) < m.most {
		m.order = append(m.order, id)
		return
	}
	delete(m.done, m.order[m.oldest])
	m.order[m.oldest] = id
	m.oldest = (m.oldest + 1) % m.most
}
