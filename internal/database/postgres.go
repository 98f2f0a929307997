package database

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"parley"
)

// savepointsPostgres is how many savepoints one transaction of PostgreSQL may set.
// Beyond 64 the server can no longer keep them at hand, and everybody's reads have
// to look them up.
const savepointsPostgres = 60

func (db *DB) openPostgres(ctx context.Context, c Config) error {
	config, err := parseURL(c.URL)
	if err != nil {
		return err
	}
	if err := migratePostgres(ctx, *config, db.log); err != nil {
		return fmt.Errorf("PostgreSQL database %s: %w", place(config), inOneLine(err))
	}
	db.reads = sql.OpenDB(saying(config, readerSession))
	connect := func(ctx context.Context) (session, error) {
		return newPostgresSession(ctx, saying(config, writerSession))
	}
	for range c.Lanes {
		db.lanes = append(db.lanes, newLane(db, savepointsPostgres, connect))
	}
	db.records = newLane(db, savepointsPostgres, connect)
	db.notifier = newNotifier(db.node, sql.OpenDB(saying(config, writerSession)), db.log)
	db.connector = func(ctx context.Context) (*pgx.Conn, error) { return pgx.ConnectConfig(ctx, config) }
	return nil
}

// parseURL reads the URL and adds what notices a server that has vanished without
// a word within seconds, where the system's default is a quarter of an hour.
func parseURL(text string) (*pgx.ConnConfig, error) {
	config, err := pgx.ParseConfig(text)
	if err != nil {
		return nil, fmt.Errorf("the database URL cannot be read: %w", inOneLine(err))
	}
	dialer := &net.Dialer{
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 3 * time.Second, Interval: time.Second, Count: 3},
		Control:         giveUpUnanswered,
	}
	config.DialFunc = dialer.DialContext
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = connectLimit
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "parley"
	}
	return config, nil
}

// place says where the database is, without a password.
func place(c *pgx.ConnConfig) string {
	if strings.HasPrefix(c.Host, "/") {
		return fmt.Sprintf("%s at %s", c.Database, c.Host)
	}
	return fmt.Sprintf("%s at %s", c.Database, net.JoinHostPort(c.Host, fmt.Sprint(c.Port)))
}

// inOneLine makes one line of an error that tells of several attempts to connect:
// with and without encryption they mostly fail alike.
func inOneLine(err error) error {
	text := err.Error()
	var connecting *pgconn.ConnectError
	if errors.As(err, &connecting) {
		text = "it cannot be opened: " + connecting.Unwrap().Error()
	}
	first, _, _ := strings.Cut(text, "\n")
	return &said{first, err}
}

// said is err in other words.
type said struct {
	text string
	err  error
}

func (s *said) Error() string { return s.text }
func (s *said) Unwrap() error { return s.err }

// What a connection is told when it is made. A writer whose process hangs must not
// hold its organizations for ever, nor wait for ever for one that does; a server
// learns within seconds that a node has vanished.
const (
	readerSession = `set default_transaction_read_only = on`
	writerSession = `set lock_timeout = '5s'; set idle_in_transaction_session_timeout = '10s';
		set tcp_keepalives_idle = 5; set tcp_keepalives_interval = 1; set tcp_keepalives_count = 5`
)

// saying makes connections that begin with the statements of session.
func saying(config *pgx.ConnConfig, session string) driver.Connector {
	return explaining{stdlib.GetConnector(*config, stdlib.OptionAfterConnect(func(ctx context.Context, conn *pgx.Conn) error {
		return conn.PgConn().Exec(ctx, session).Close() // several statements go by the simple protocol
	}))}
}

// explaining gives the errors of its connections their kind.
type explaining struct{ driver.Connector }

// Connect implements driver.Connector.
func (e explaining) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := e.Connector.Connect(ctx)
	if err != nil && ctx.Err() == nil {
		return nil, translate(err)
	}
	if err != nil {
		return nil, err
	}
	return explainingConn{conn.(*stdlib.Conn)}, nil
}

type explainingConn struct{ *stdlib.Conn }

// QueryContext implements driver.QueryerContext.
func (c explainingConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	rows, err := c.Conn.QueryContext(ctx, query, args)
	if err == nil {
		return &explainingRows{rows, c, ctx}, nil
	}
	if errors.Is(err, driver.ErrBadConn) { // which database/sql acts upon
		return nil, err
	}
	return nil, c.explain(ctx, err)
}

// explain gives err its kind. What comes from a connection that broke has many
// shapes, so the connection is asked; one whose caller has gone was closed by us.
func (c explainingConn) explain(ctx context.Context, err error) error {
	err = translate(err)
	if c.Conn.Conn().IsClosed() && ctx.Err() == nil && parley.KindOf(err) == parley.Internal {
		return unavailable(err)
	}
	return err
}

// explainingRows are rows whose connection may break before the last of them.
type explainingRows struct {
	driver.Rows
	conn explainingConn
	ctx  context.Context // of the query
}

// Next implements driver.Rows.
func (r *explainingRows) Next(dest []driver.Value) error {
	err := r.Rows.Next(dest)
	if err == nil || errors.Is(err, io.EOF) {
		return err
	}
	return r.conn.explain(r.ctx, err)
}

// postgresSession writes on the connection of one lane. database/sql makes the rows
// that queries give; everything else goes to pgx itself, which can send several
// statements at once and wait for their answers once.
type postgresSession struct {
	pinned
	pgx   *pgx.Conn   // the pinned one; the lane is the only one who uses it
	limit *time.Timer // of the transaction
}

// longest is how long a transaction may take. A server that says nothing for so
// long is taken for lost.
const longest = 30 * time.Second

func newPostgresSession(ctx context.Context, c driver.Connector) (session, error) {
	p, err := pin(ctx, c)
	if err != nil {
		return nil, err
	}
	s := &postgresSession{pinned: p}
	_ = p.only.Raw(func(conn any) error {
		s.pgx = conn.(explainingConn).Conn.Conn()
		return nil
	})
	wire := s.pgx.PgConn().Conn()
	s.limit = time.AfterFunc(longest, func() { wire.Close() })
	s.limit.Stop()
	return s, nil
}

const lockHeadsStatement = `
	select id, ` + tallyColumns + `
	from organizations
	where id = any($1)
	order by id
	for update`

func (s *postgresSession) begin(heads []*head) error {
	s.limit.Reset(longest)
	batch := &pgx.Batch{}
	batch.Queue("begin")
	if len(heads) > 0 {
		ids := make([]string, len(heads))
		byID := make(map[string]*head, len(heads))
		for i, h := range heads {
			ids[i], byID[string(h.org)] = string(h.org), h
			h.known = true
		}
		batch.Queue(lockHeadsStatement, ids).Query(func(rows pgx.Rows) error {
			var id string
			var read head
			_, err := pgx.ForEachRow(rows, append([]any{&id}, read.columns()...), func() error {
				h := byID[id]
				h.stored, h.most = read.stored, read.most
				h.found()
				return nil
			})
			return err
		})
	}
	return s.pgx.SendBatch(lasting, batch).Close()
}

func (s *postgresSession) readHead(*head) error { return nil } // begin did

func (s *postgresSession) run(statements []statement) (done int, last sql.Result, err error) {
	if len(statements) == 1 {
		tag, err := s.pgx.Exec(lasting, statements[0].query, statements[0].args...)
		if err != nil {
			return 0, nil, err
		}
		return 1, driver.RowsAffected(tag.RowsAffected()), nil
	}
	batch := &pgx.Batch{}
	for _, st := range statements {
		batch.Queue(st.query, st.args...)
	}
	return s.send(batch)
}

// send sends the statements of batch together.
func (s *postgresSession) send(batch *pgx.Batch) (done int, last sql.Result, err error) {
	results := s.pgx.SendBatch(lasting, batch)
	var tag pgconn.CommandTag
	for done < batch.Len() {
		if tag, err = results.Exec(); err != nil {
			_ = results.Close()
			return done, nil, err
		}
		done++
	}
	return done, driver.RowsAffected(tag.RowsAffected()), results.Close()
}

// inTransaction is what the server says of a connection whose transaction has had
// no error.
const (
	noTransaction = 'I'
	inTransaction = 'T'
)

func (s *postgresSession) intact() bool {
	return !s.closed() && s.pgx.PgConn().TxStatus() == inTransaction
}

const writeHeadsStatement = `
	update organizations
	set last_seq = moved.seq, objects = moved.objects, storage = moved.storage, day = moved.day, day_seq = moved.day_seq
	from unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[])
		as moved (id, seq, objects, storage, day, day_seq)
	where organizations.id = moved.id`

func (s *postgresSession) commit(statements []statement, moved []*head) error {
	batch := &pgx.Batch{}
	for _, st := range statements {
		batch.Queue(st.query, st.args...)
	}
	if len(moved) > 0 {
		ids := make([]string, len(moved))
		var counts [5][]int64
		for i, h := range moved {
			ids[i] = string(h.org)
			for c, n := range []int64{h.tally.Sequence, h.tally.Objects, h.tally.Storage, h.tally.Day, h.tally.DaySequence} {
				counts[c] = append(counts[c], n)
			}
		}
		batch.Queue(writeHeadsStatement, ids, counts[0], counts[1], counts[2], counts[3], counts[4])
	}
	batch.Queue("commit")
	_, _, err := s.send(batch)
	s.limit.Stop()
	return err
}

func (s *postgresSession) rollback() error {
	s.limit.Stop()
	if s.pgx.PgConn().TxStatus() == noTransaction {
		return nil
	}
	_, err := s.pgx.Exec(lasting, "rollback")
	return err
}

func (s *postgresSession) closed() bool { return s.pgx.IsClosed() }

// close ends the connection itself, as anything may be wrong with it.
func (s *postgresSession) close() {
	s.limit.Stop()
	closeQuietly(s.pgx)
	s.pool.Close()
}
