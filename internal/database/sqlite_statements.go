package database

import (
	"container/list"
	"context"
	"database/sql/driver"
)

// preparing makes SQLite's connections keep the statements they have prepared, so
// that the same text is parsed and planned once in each. pgx does so by itself.
type preparing struct{ driver.Connector }

// statementsKept bounds how many statements a connection keeps: more than Parley
// has, but for those whose text depends on what is asked.
const statementsKept = 256

// Connect implements driver.Connector.
func (p preparing) Connect(ctx context.Context) (driver.Conn, error) {
	inner, err := p.Connector.Connect(ctx)
	if err != nil {
		return nil, translate(err)
	}
	return &preparingConn{
		sqliteConn: inner.(sqliteConn),
		byQuery:    make(map[string]*preparedStatement),
	}, nil
}

// sqliteConn is what this package uses of the driver's connection.
type sqliteConn interface {
	driver.Conn
	driver.ConnPrepareContext
	driver.SessionResetter
	driver.Validator
}

// preparingConn is used by one goroutine at a time, as database/sql promises.
type preparingConn struct {
	sqliteConn
	byQuery map[string]*preparedStatement
	recent  list.List // of *preparedStatement, the latest used in front
}

// preparedStatement is one that SQLite has parsed and planned. While rows of it are
// open it is busy, and the same text is prepared once more for whoever asks.
type preparedStatement struct {
	driver.Stmt
	query string
	busy  bool
	place *list.Element // nil if it is not kept
}

// ExecContext implements driver.ExecerContext.
func (c *preparingConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	s, err := c.take(ctx, query)
	if err != nil {
		return nil, translate(err)
	}
	defer c.giveBack(s)
	result, err := s.Stmt.(driver.StmtExecContext).ExecContext(ctx, args)
	return result, translate(err)
}

// QueryContext implements driver.QueryerContext.
func (c *preparingConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	s, err := c.take(ctx, query)
	if err != nil {
		return nil, translate(err)
	}
	rows, err := s.Stmt.(driver.StmtQueryContext).QueryContext(ctx, args)
	if err != nil {
		c.giveBack(s)
		return nil, translate(err)
	}
	return &preparedRows{Rows: rows, conn: c, statement: s}, nil
}

// take gives the statement of a text, for one use.
func (c *preparingConn) take(ctx context.Context, query string) (*preparedStatement, error) {
	kept := c.byQuery[query]
	if kept != nil && !kept.busy {
		kept.busy = true
		c.recent.MoveToFront(kept.place)
		return kept, nil
	}
	stmt, err := c.PrepareContext(ctx, unnumbered(query))
	if err != nil {
		return nil, err
	}
	s := &preparedStatement{Stmt: stmt, query: query, busy: true}
	if kept == nil {
		c.keep(s)
	}
	return s, nil
}

// keep remembers s, and forgets what was used the longest time ago.
func (c *preparingConn) keep(s *preparedStatement) {
	if c.recent.Len() == statementsKept {
		oldest := c.recent.Remove(c.recent.Back()).(*preparedStatement)
		oldest.place = nil
		delete(c.byQuery, oldest.query)
		if !oldest.busy {
			oldest.Close()
		}
	}
	s.place = c.recent.PushFront(s)
	c.byQuery[s.query] = s
}

// giveBack ends a use of s, and s itself if nobody keeps it.
func (c *preparingConn) giveBack(s *preparedStatement) {
	s.busy = false
	if s.place == nil {
		s.Close()
	}
}

// Close ends the statements before the connection.
func (c *preparingConn) Close() error {
	for _, s := range c.byQuery {
		s.Close()
	}
	clear(c.byQuery)
	c.recent.Init()
	return c.sqliteConn.Close()
}

// preparedRows keeps its statement busy until it is closed.
type preparedRows struct {
	driver.Rows
	conn      *preparingConn
	statement *preparedStatement
}

// Next implements driver.Rows.
func (r *preparedRows) Next(dest []driver.Value) error {
	return translate(r.Rows.Next(dest))
}

// Close implements driver.Rows.
func (r *preparedRows) Close() error {
	defer r.conn.giveBack(r.statement)
	return translate(r.Rows.Close())
}
