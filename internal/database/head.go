package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"parley"
)

// head is the end of an organization's log as a transaction sees it. It is read
// from the organization's row once in each transaction, never kept longer: another
// process may move it.
type head struct {
	org    parley.OrganizationID
	known  bool  // it was read
	exists bool  // the organization has a row
	stored Tally // in the row
	tally  Tally // with what was counted since
	most   Most
}

const (
	readHeadStatement  = `select ` + tallyColumns + ` from organizations where id = $1`
	writeHeadStatement = `
		update organizations
		set last_seq = $2, objects = $3, storage = $4, day = $5, day_seq = $6
		where id = $1`
)

// found notes that stored is what the organization's row says.
func (h *head) found() { h.known, h.exists, h.tally = true, true, h.stored }

func (h *head) moved() bool { return h.tally != h.stored }

// mustExist refuses numbers that no row would remember: a function may insert the
// organization that it writes, but then it has to.
func (h *head) mustExist(tx *Tx) error {
	if h.exists || !h.moved() {
		return nil
	}
	err := tx.QueryRow(lasting, readHeadStatement+tx.db.engine.ForUpdate(), h.org).Scan(h.columns()...)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return parley.Missing("organization", h.org)
	case err != nil:
		return fmt.Errorf("read the head of %s: %w", h.org, err)
	case h.stored.Sequence != 0:
		return unavailable(fmt.Errorf("another process inserted %s at this moment", h.org))
	}
	h.exists = true
	return nil
}

// NextSequence takes the next place in the organization's log. It is given up again
// if the function fails, so the log has no gaps.
func (tx *Tx) NextSequence(ctx context.Context) (int64, error) {
	h, err := tx.readableHead()
	if err != nil {
		return 0, fmt.Errorf("take a sequence: %w", err)
	}
	return h.next(), nil
}

// Head is the last place of the organization's log that is taken, 0 if none is: by
// this function, by those before it in the same transaction, or by what is committed.
func (tx *Tx) Head(ctx context.Context) (int64, error) {
	h, err := tx.readableHead()
	if err != nil {
		return 0, fmt.Errorf("read the head: %w", err)
	}
	return h.tally.Sequence, nil
}

func (tx *Tx) readableHead() (*head, error) {
	if tx.head == nil {
		return nil, errors.New("a Record has no organization's log")
	}
	if err := tx.usable(); err != nil {
		return nil, err
	}
	if !tx.head.known {
		if err := tx.session.readHead(tx.head); err != nil {
			return nil, tx.fail(err)
		}
	}
	return tx.head, nil
}
