package database

import (
	"database/sql"
	"slices"
)

// pipeline holds back the changes of a transaction that nobody waits for. They go
// to the database with the next statement somebody does wait for, at the latest
// with the commit.
//
// It also sets the savepoints, and only those that are needed. A function whose
// changes have not been sent is undone by forgetting them. So a function gets a
// savepoint, before the first of its changes, when they are sent before it has
// ended; most functions get none.
//
// If what an earlier function left fails when a later one has it sent, there may be
// no savepoint to return to. Then the transaction is broken, and the lane runs each
// of its functions alone.
type pipeline struct {
	session session
	waiting []statement
	sends   int        // how often waiting was sent
	set     savepoints // as they will be when waiting has been sent, which it is at once
	before  savepoints // as they are
	count   int        // of savepoints set so far
	broken  bool       // a change was lost that a function before counted on
}

// mostWaiting bounds what is held back, and so what the server answers before
// anybody listens.
const mostWaiting = 256

func (p *pipeline) reset(s session) {
	p.session, p.sends, p.count, p.broken = s, 0, 0, false
	p.waiting, p.set, p.before = p.waiting[:0], p.set[:0], p.before[:0]
}

// mark is a place in what was written.
type mark struct{ sends, waiting int }

func (p *pipeline) here() mark { return mark{p.sends, len(p.waiting)} }

// index is where m is in what waits: at its start if m was sent.
func (p *pipeline) index(m mark) int {
	if m.sends != p.sends {
		return 0
	}
	return m.waiting
}

// intact tells whether the transaction can go on.
func (p *pipeline) intact() bool { return !p.broken && p.session.intact() }

// queue holds a statement of tx back.
func (p *pipeline) queue(tx *Tx, query string, args []any) error {
	p.waiting = append(p.waiting, statement{owner: tx, query: query, args: args})
	if len(p.waiting) < mostWaiting {
		return nil
	}
	return p.settle(tx)
}

// exec runs a statement of tx, after what waits.
func (p *pipeline) exec(tx *Tx, query string, args []any) (sql.Result, error) {
	p.waiting = append(p.waiting, statement{owner: tx, query: query, args: args})
	p.protect(tx)
	return p.send()
}

// settle sends what waits, so that a query of tx sees it.
func (p *pipeline) settle(tx *Tx) error {
	if len(p.waiting) == 0 {
		return nil
	}
	p.protect(tx)
	_, err := p.send()
	return err
}

// protect puts savepoints for tx, and for what it is inside of, before the changes
// of each that wait. It tells by how much later statements have moved.
func (p *pipeline) protect(tx *Tx) (moved int) {
	if tx.outer != nil {
		moved = p.protect(tx.outer)
	}
	at := p.index(tx.begun) + moved
	if tx.depth < 0 || at == len(p.waiting) || p.set.has(tx) {
		return moved
	}
	if p.set.taken(tx) {
		p.insert(at, releaseSavepoint(tx.depth))
		at++
		moved++
	}
	p.insert(at, setSavepoint(tx))
	p.count++
	return moved + 1
}

// changed tells whether the transaction has changed anything, or is about to.
func (p *pipeline) changed() bool { return p.sends > 0 || len(p.waiting) > 0 }

// crowded tells whether the transaction has set most savepoints, if that is limited.
func (p *pipeline) crowded(most int) bool { return most > 0 && p.count >= most }

func (p *pipeline) insert(at int, s statement) {
	p.waiting = slices.Insert(p.waiting, at, s)
	p.set = s.sets(p.set)
}

// send sends what waits and gives the result of the last statement.
func (p *pipeline) send() (sql.Result, error) {
	done, last, err := p.session.run(p.waiting)
	for _, s := range p.waiting[:done] {
		if s.sets != nil {
			p.before = s.sets(p.before)
		}
	}
	if err != nil {
		p.blame(p.waiting[done].owner, err)
	}
	p.forget(0)
	p.sends++
	return last, err
}

// blame fails the function whose statement failed. If that one has returned, its
// success has turned out to be none, and so has the transaction.
func (p *pipeline) blame(owner *Tx, err error) {
	switch {
	case owner == nil, owner.over.Load():
		p.broken = true
	default:
		_ = owner.fail(err) // kept: finish gives it
	}
}

// forget drops all that waits but the first n statements.
func (p *pipeline) forget(n int) {
	clear(p.waiting[n:])
	p.waiting = p.waiting[:n]
	p.set = append(p.set[:0], p.before...)
}

// undo takes back all that tx did. If that fails, or there is no savepoint for what
// was sent, the transaction is not intact.
func (p *pipeline) undo(tx *Tx) {
	p.forget(p.index(tx.begun))
	if tx.depth < 0 || p.broken || !p.before.has(tx) {
		return
	}
	back := rollbackTo(tx.depth)
	if _, _, err := p.session.run([]statement{back}); err == nil {
		p.before = back.sets(p.before)
		p.forget(0)
	}
}

// commit sends what waits and commits. It must not be called unless intact.
func (p *pipeline) commit(moved []*head) error {
	err := p.session.commit(p.waiting, moved)
	p.forget(0)
	return err
}
