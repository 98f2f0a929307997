package database

import (
	"context"
	"errors"
	"log/slog"
	"runtime"
	"time"

	"parley"
)

// lane writes: one goroutine with one connection that takes the jobs of its queue,
// as many at a time as have gathered, and commits them together.
type lane struct {
	db         *DB
	queue      *queue
	largest    int // number of jobs in one transaction
	savepoints int // most in one transaction, if not zero
	connect    func(context.Context) (session, error)

	// Of the lane's goroutine.
	session session // nil while there is no connection
	batch   batch
	away    error     // why there was no connection at the last attempt
	retryAt time.Time // no attempt before this
}

const (
	largest      = 256
	connectLimit = 4 * time.Second
	// retryPause spares a database that is away, or starting, a storm of attempts.
	retryPause = 200 * time.Millisecond
)

func newLane(db *DB, savepoints int, connect func(context.Context) (session, error)) *lane {
	return &lane{db: db, queue: newQueue(), largest: largest, savepoints: savepoints, connect: connect}
}

// do has fn run in one of the lane's transactions and gives its result.
func (l *lane) do(ctx context.Context, org parley.OrganizationID, fn func(context.Context, *Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	j := newJob(ctx, org, fn)
	if !l.queue.put(j) {
		return unavailable(errors.New("the database is closed"))
	}
	select {
	case err := <-j.answer:
		return err
	case <-ctx.Done():
		if j.abandon() {
			return ctx.Err()
		}
		return <-j.answer
	}
}

// run writes until the queue is closed and empty.
func (l *lane) run() {
	done := false
	defer func() {
		if !done {
			l.survive()
		}
	}()
	for {
		l.batch.reset(l)
		runtime.Gosched() // whoever was just answered may write again: larger batches are cheaper
		if l.batch.jobs = l.queue.take(l.batch.jobs, l.largest); len(l.batch.jobs) == 0 {
			break
		}
		l.batch.run()
	}
	l.disconnect()
	done = true
}

// survive goes on after a function ended the lane's goroutine with runtime.Goexit,
// as t.Fatal does: the batch fails and the next one has a new goroutine.
func (l *lane) survive() {
	l.disconnect()
	l.batch.answerAll(errors.New("a function that writes ended its goroutine"))
	l.db.running.Go(l.run)
}

// ready makes sure that there is a connection.
func (l *lane) ready() error {
	if l.session != nil {
		return nil
	}
	if time.Now().Before(l.retryAt) {
		return l.away
	}
	ctx, cancel := context.WithTimeout(context.Background(), connectLimit)
	defer cancel()
	s, err := l.connect(ctx)
	if err != nil {
		l.lost(err)
		return l.away
	}
	if l.away != nil {
		l.db.log.Info("database.back")
	}
	l.session, l.away, l.retryAt = s, nil, time.Time{}
	return nil
}

// lost notes that there is no database to connect to.
func (l *lane) lost(err error) {
	if l.away == nil {
		l.db.log.Warn("database.away", slog.Any("error", err))
	}
	l.away = unavailable(err)
	l.retryAt = time.Now().Add(retryPause)
}

// disconnect drops the connection, and with it whatever was not committed.
func (l *lane) disconnect() {
	if l.session != nil {
		l.session.close()
		l.session = nil
	}
}
