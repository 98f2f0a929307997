package database

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"parley"
)

// channel is where nodes tell each other of heads that moved. A message is the
// node, the organization and the head.
const channel = "parley_head"

// notifier tells other nodes which heads moved here, after the commit. It is not
// part of the transaction: PostgreSQL lets only one transaction with a notification
// commit at a time, in the whole server, so each lane would wait for the disk of
// all others. What a crash loses is a hint, which followers do without by looking
// for themselves now and then.
type notifier struct {
	node string
	pool *sql.DB
	log  *slog.Logger
	wake chan struct{}
	done chan struct{}

	mu     sync.Mutex
	heads  map[parley.OrganizationID]int64
	closed bool
}

func newNotifier(node string, pool *sql.DB, log *slog.Logger) *notifier {
	pool.SetMaxOpenConns(1)
	n := &notifier{
		node:  node,
		pool:  pool,
		log:   log,
		wake:  make(chan struct{}, 1),
		done:  make(chan struct{}),
		heads: make(map[parley.OrganizationID]int64),
	}
	go n.run()
	return n
}

// moved has the heads told. Those that move again before they are told are told once.
func (n *notifier) moved(heads []*head) {
	if len(heads) == 0 {
		return
	}
	n.mu.Lock()
	for _, h := range heads {
		n.heads[h.org] = h.tally.Sequence
	}
	n.mu.Unlock()
	n.stir()
}

func (n *notifier) stir() {
	select {
	case n.wake <- struct{}{}:
	default:
	}
}

// close tells what is left and returns when that is done.
func (n *notifier) close() {
	n.mu.Lock()
	n.closed = true
	n.mu.Unlock()
	n.stir()
	<-n.done
	n.pool.Close()
}

func (n *notifier) run() {
	defer close(n.done)
	for range n.wake {
		messages, closed := n.take()
		if err := n.tell(messages); err != nil {
			n.log.Debug("database.notify", "error", err)
		}
		if closed {
			return
		}
	}
}

func (n *notifier) take() (messages []string, closed bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for org, seq := range n.heads {
		messages = append(messages, fmt.Sprintf("%s %s %d", n.node, org, seq))
	}
	clear(n.heads)
	return messages, n.closed
}

func (n *notifier) tell(messages []string) error {
	if len(messages) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), connectLimit)
	defer cancel()
	_, err := n.pool.ExecContext(ctx, `select pg_notify($1, message) from unnest($2::text[]) as message`, channel, messages)
	return err
}

// Heads calls fn with each head that another process moves in the same database,
// soon after its commit. When it has begun to listen, and whenever it may have
// missed something since, it calls fn("", 0): then any head may have moved. It goes
// on through failures of the database until ctx ends, whose error it returns.
//
// On SQLite it tells of nothing, and only waits for ctx.
func (db *DB) Heads(ctx context.Context, fn func(org parley.OrganizationID, head int64)) error {
	pause := firstPause
	for db.connector != nil && ctx.Err() == nil {
		err := db.listen(ctx, func(org parley.OrganizationID, head int64) {
			pause = firstPause
			fn(org, head)
		})
		if ctx.Err() != nil {
			break
		}
		db.log.Warn("database.listen", "error", err, "next_attempt_in", pause)
		select {
		case <-time.After(pause):
		case <-ctx.Done():
		}
		pause = min(2*pause, longestPause) - rand.N(pause/4)
	}
	<-ctx.Done()
	return ctx.Err()
}

// The pauses between attempts to listen.
const (
	firstPause   = 100 * time.Millisecond
	longestPause = 5 * time.Second
)

// listen calls fn until its connection breaks.
func (db *DB) listen(ctx context.Context, fn func(parley.OrganizationID, int64)) error {
	conn, err := db.connector(ctx)
	if err != nil {
		return err
	}
	defer closeQuietly(conn)
	if _, err := conn.Exec(ctx, "listen "+channel); err != nil {
		return err
	}
	fn("", 0)
	for {
		message, err := conn.WaitForNotification(ctx)
		if err != nil {
			return err
		}
		if node, org, head, ok := parseMessage(message.Payload); ok && node != db.node {
			fn(org, head)
		}
	}
}

func parseMessage(text string) (node string, org parley.OrganizationID, head int64, ok bool) {
	fields := strings.Fields(text)
	if len(fields) != 3 {
		return "", "", 0, false
	}
	head, err := strconv.ParseInt(fields[2], 10, 64)
	return fields[0], parley.OrganizationID(fields[1]), head, err == nil
}

func closeQuietly(conn *pgx.Conn) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = conn.Close(ctx)
}
