package database

import (
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"parley"
)

// batch is the jobs that a lane writes in one transaction.
type batch struct {
	lane     *lane
	jobs     []*job
	heads    map[parley.OrganizationID]*head
	pipeline pipeline
}

const (
	// budget bounds how long the first job of a batch waits for the later ones:
	// what has not started by then goes into the next batch.
	budget = 20 * time.Millisecond
	// attempts is how often a job is run that others keep undoing.
	attempts = 4
)

func (b *batch) reset(l *lane) {
	clear(b.jobs)
	b.lane, b.jobs = l, b.jobs[:0]
}

// run writes the jobs and answers each.
func (b *batch) run() {
	if len(b.jobs) == 1 {
		b.alone(b.jobs[0])
		return
	}
	if err := b.begin(b.jobs); err != nil {
		b.answerAll(err)
		return
	}
	began := time.Now()
	for i, j := range b.jobs {
		if i > 0 && (time.Since(began) > budget || b.pipeline.crowded(b.lane.savepoints)) {
			b.keep(i)
			break
		}
		if !j.start() {
			continue
		}
		b.try(j, 0)
		if mayRetry(j.err) || !b.pipeline.intact() {
			b.keep(i + 1)
			b.again()
			return
		}
	}
	switch lost, err := b.commit(); {
	case err == nil:
		for _, j := range b.jobs {
			b.answer(j)
		}
	case lost:
		b.answerAll(err)
	default:
		b.again()
	}
}

// keep puts all but the first n jobs off to the next batch.
func (b *batch) keep(n int) {
	if n < len(b.jobs) {
		b.lane.queue.giveBack(b.jobs[n:])
		b.jobs = b.jobs[:n]
	}
}

// again writes every job that has started in a transaction of its own, after the
// one they shared was undone.
func (b *batch) again() {
	b.rollback()
	for _, j := range b.jobs {
		if j.state.Load() == started {
			b.alone(j)
		}
	}
}

// alone writes one job in a transaction of its own, and answers it.
func (b *batch) alone(j *job) {
	var err error
	for range attempts {
		if err = b.begin([]*job{j}); err != nil {
			break
		}
		if j.state.Load() != started && !j.start() {
			b.rollback()
			return
		}
		b.try(j, -1)
		if err = j.err; err == nil {
			_, err = b.commit()
		}
		if err != nil {
			b.rollback()
		}
		if !mayRetry(err) {
			break
		}
	}
	j.err = err
	b.answer(j)
}

// begin opens a transaction for jobs, if need be on a new connection: the old one
// may have died while nobody wrote.
func (b *batch) begin(jobs []*job) error {
	heads := b.collectHeads(jobs)
	for {
		fresh := b.lane.session == nil
		if err := b.lane.ready(); err != nil {
			return err
		}
		b.pipeline.reset(b.lane.session)
		err := b.lane.session.begin(heads)
		if err == nil {
			return nil
		}
		broke := b.lane.session.closed()
		err = b.explain(fmt.Errorf("begin: %w", err))
		b.rollback()
		if fresh || !broke {
			return err
		}
	}
}

// collectHeads gives each organization of jobs a head, ordered by id: every node
// locks in this order, so that none waits for another that waits for it.
func (b *batch) collectHeads(jobs []*job) []*head {
	if b.heads == nil {
		b.heads = make(map[parley.OrganizationID]*head)
	}
	clear(b.heads)
	var heads []*head
	for _, j := range jobs {
		if j.org == "" || b.heads[j.org] != nil {
			continue
		}
		h := &head{org: j.org}
		b.heads[j.org] = h
		heads = append(heads, h)
	}
	slices.SortFunc(heads, func(a, b *head) int { return strings.Compare(string(a.org), string(b.org)) })
	return heads
}

// try runs the function of j inside the transaction.
func (b *batch) try(j *job, depth int) {
	tx := &Tx{
		db: b.lane.db, session: b.lane.session, pipeline: &b.pipeline, org: j.org, head: b.heads[j.org],
		depth: depth, begun: b.pipeline.here(),
	}
	j.err = b.explain(tx.run(j.ctx, j.fn))
	j.after = tx.after
}

// commit commits, or undoes everything, or loses the connection before it is told
// which of the two happened.
func (b *batch) commit() (lost bool, err error) {
	var moved []*head
	for _, h := range b.heads {
		if h.moved() {
			moved = append(moved, h)
		}
	}
	changed := b.pipeline.changed() || len(moved) > 0
	if err := b.pipeline.commit(moved); err != nil {
		lost = b.lane.session.closed()
		err = b.explain(fmt.Errorf("commit: %w", err))
		b.rollback()
		return lost, err
	}
	if changed {
		b.lane.db.disk.took()
	}
	if b.lane.db.notifier != nil {
		b.lane.db.notifier.moved(moved)
	}
	return false, nil
}

// rollback undoes what was not committed. A connection that cannot do even that is
// dropped, which does.
func (b *batch) rollback() {
	if s := b.lane.session; s != nil && (s.closed() || s.rollback() != nil) {
		b.lane.disconnect()
	}
}

// explain gives err its kind. What comes from a connection that broke has many
// shapes, so the connection is asked.
func (b *batch) explain(err error) error {
	err = translate(err)
	if err != nil && b.lane.session.closed() && parley.KindOf(err) == parley.Internal {
		return unavailable(err)
	}
	return err
}

// answer tells the caller of j the result, after what it asked for after a commit.
func (b *batch) answer(j *job) {
	if j.err == nil {
		for _, fn := range j.after {
			b.follow(fn)
		}
	}
	b.lane.db.disk.answered(j.err)
	j.tell(j.err)
}

// follow survives a panic of fn: the commit it follows has happened.
func (b *batch) follow(fn func()) {
	defer func() {
		if p := recover(); p != nil {
			b.lane.db.log.Error("database.after_commit", "error", fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
		}
	}()
	fn()
}

// answerAll tells err to every caller that has not been answered.
func (b *batch) answerAll(err error) {
	b.lane.db.disk.answered(err)
	for _, j := range b.jobs {
		j.tell(err)
	}
}
