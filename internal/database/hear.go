package database

import (
	"context"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"parley"
)

// Heads calls fn with each head that another process moves in the same database,
// soon after its commit. When it has begun to listen, and whenever it may have
// missed something since, it calls fn("", 0): then any head may have moved. It goes
// on through failures of the database until ctx ends, whose error it returns.
//
// On SQLite it tells of nothing, and only waits for ctx.
func (db *DB) Heads(ctx context.Context, fn func(org parley.OrganizationID, head int64)) error {
	return db.listen(ctx, headChannel, func() { fn("", 0) }, func(message string) {
		if org, head, ok := parseHead(message); ok {
			fn(org, head)
		}
	})
}

// Hear calls fn with each text that another process says on the topic (see [DB.Say]),
// in the order in which that process said them. When it has begun to listen, and
// whenever it may have missed something since, it calls fn(""). It goes on through
// failures of the database until ctx ends, whose error it returns.
//
// On SQLite it tells of nothing, and only waits for ctx.
func (db *DB) Hear(ctx context.Context, topic string, fn func(text string)) error {
	return db.listen(ctx, topicChannel+topic, func() { fn("") }, fn)
}

// listen calls begun whenever it has begun to listen, and fn with each message of
// another node, until ctx ends.
func (db *DB) listen(ctx context.Context, channel string, begun func(), fn func(message string)) error {
	pause := firstPause
	for db.connector != nil && ctx.Err() == nil {
		err := db.listenOnce(ctx, channel, func() {
			pause = firstPause
			begun()
		}, fn)
		if ctx.Err() != nil {
			break
		}
		db.log.Warn("database.listen", "channel", channel, "error", err, "next_attempt_in", pause)
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

// listenOnce listens until its connection breaks.
func (db *DB) listenOnce(ctx context.Context, channel string, begun func(), fn func(message string)) error {
	conn, err := db.connector(ctx)
	if err != nil {
		return err
	}
	defer closeQuietly(conn)
	if _, err := conn.Exec(ctx, "listen "+pgx.Identifier{channel}.Sanitize()); err != nil {
		return err
	}
	begun()
	for {
		notification, err := conn.WaitForNotification(ctx)
		if err != nil {
			return err
		}
		if node, message, _ := strings.Cut(notification.Payload, " "); node != db.node && message != "" {
			fn(message)
		}
	}
}

func parseHead(message string) (org parley.OrganizationID, head int64, ok bool) {
	name, number, _ := strings.Cut(message, " ")
	head, err := strconv.ParseInt(number, 10, 64)
	return parley.OrganizationID(name), head, err == nil
}

func closeQuietly(conn *pgx.Conn) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = conn.Close(ctx)
}
