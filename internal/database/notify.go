package database

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"unicode/utf8"

	"parley"
)

// Channels are where nodes tell each other something. A message begins with the node;
// on that of the heads the organization and the head follow, on that of a topic a text.
const (
	headChannel  = "parley_head"
	topicChannel = "parley_topic_" // and the topic
)

// What is said waits until it is told: no longer texts than PostgreSQL's 8,000 bytes
// for a message allow, and no more of them.
const (
	MaxSaid = 7900 // bytes
	maxTold = 512
)

// notifier tells other nodes which heads moved here, after the commit, and what is
// said. It is not part of the transaction: PostgreSQL lets only one transaction with
// a notification commit at a time, in the whole server, so each lane would wait for
// the disk of all others. What a crash loses is a hint, which followers do without by
// looking for themselves now and then.
type notifier struct {
	node string
	pool *sql.DB
	log  *slog.Logger
	wake chan struct{}
	done chan struct{}

	mu     sync.Mutex
	heads  map[parley.OrganizationID]int64
	said   []notification
	closed bool
}

// notification is a message on a channel.
type notification struct{ channel, message string }

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

// Say tells a text to every other process that hears the topic in the same database,
// soon, after what was said before. It never waits, and promises nothing: a text is
// lost if the database is away, if hundreds wait to be told, or if it is longer than
// MaxSaid or no text that PostgreSQL takes. The topic is of a-z and _, at most 40.
//
// On SQLite there is nobody to tell.
func (db *DB) Say(topic, text string) {
	if db.notifier != nil {
		db.notifier.say(topicChannel+topic, text)
	}
}

func (n *notifier) say(channel, text string) {
	if len(text) > MaxSaid || !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		n.log.Debug("database.unsayable", "channel", channel, "bytes", len(text))
		return
	}
	n.mu.Lock()
	if len(n.said) < maxTold {
		n.said = append(n.said, notification{channel, n.node + " " + text})
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

func (n *notifier) take() (messages []notification, closed bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	messages, n.said = n.said, nil
	for org, seq := range n.heads {
		messages = append(messages, notification{headChannel, fmt.Sprintf("%s %s %d", n.node, org, seq)})
	}
	clear(n.heads)
	return messages, n.closed
}

func (n *notifier) tell(messages []notification) error {
	if len(messages) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), connectLimit)
	defer cancel()
	var channels, texts []string
	for _, m := range messages {
		channels, texts = append(channels, m.channel), append(texts, m.message)
	}
	_, err := n.pool.ExecContext(ctx, `
		select pg_notify(channel, message)
		from unnest($1::text[], $2::text[]) as told (channel, message)`, channels, texts)
	return err
}
