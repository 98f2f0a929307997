package eventlog_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"testing"

	"parley"
	"parley/internal/database"
	"parley/internal/eventlog"
	"parley/internal/testing/dbtest"
)

// process is a database and its log as one process of several has them.
type process struct {
	db  *database.DB
	log *eventlog.Log
}

func newProcess(t testing.TB, db *database.DB, watchers ...func(parley.OrganizationID, int64)) process {
	logger := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError}))
	return process{db, eventlog.New(db, logger, watchers...)}
}

// inEachTwoProcesses runs body on both engines with two processes that share a
// database.
func inEachTwoProcesses(t *testing.T, body func(t *testing.T, a, b process)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		c := database.Config{Path: filepath.Join(t.TempDir(), "parley.db")}
		body(t, newProcess(t, dbtest.Open(t, c)), newProcess(t, dbtest.Open(t, c)))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		c := database.Config{URL: dbtest.PostgresURL(t)}
		body(t, newProcess(t, dbtest.Open(t, c)), newProcess(t, dbtest.Open(t, c)))
	})
}

// run has the process listen to others until the test ends.
func (p process) run(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- p.log.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("the log: %v", err)
		}
	})
}

// found makes an organization whose log is empty.
func (p process) found(t testing.TB) parley.OrganizationID {
	t.Helper()
	org := parley.NewID[parley.OrganizationID]()
	err := p.db.Write(context.Background(), org, func(ctx context.Context, tx *database.Tx) error {
		_, err := tx.Exec(ctx, "insert into organizations (id, name, created_at, updated_at) values ($1, $2, $3, $3)",
			string(org), "Example", int64(parley.Now()))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return org
}

// append appends as many events in one transaction and gives them.
func (p process) append(t testing.TB, org parley.OrganizationID, n int) []*parley.Event {
	t.Helper()
	events, err := p.tryAppend(org, n, nil)
	if err != nil {
		t.Fatal(err)
	}
	return events
}

// tryAppend is append in a transaction that ends with an error, if that is not nil.
func (p process) tryAppend(org parley.OrganizationID, n int, failure error) (events []*parley.Event, err error) {
	by := parley.Caller{Organization: org, Actor: parley.System}
	err = p.db.Write(context.Background(), org, func(ctx context.Context, tx *database.Tx) error {
		events = nil
		for range n {
			at, err := p.log.Next(ctx, tx)
			if err != nil {
				return err
			}
			draft, _ := parley.CustomEvent("custom.test", "k", json.RawMessage(fmt.Sprintf(`{"n":%d}`, at.Sequence)))
			e, err := p.log.Append(ctx, tx, by, at, draft)
			if err != nil {
				return err
			}
			events = append(events, e)
		}
		return failure
	})
	return events, err
}

// read reads events, or fails the test.
func (p process) read(t testing.TB, org parley.OrganizationID, after int64, limit int) []*parley.Event {
	t.Helper()
	events, err := p.log.Read(context.Background(), org, after, limit)
	if err != nil {
		t.Fatal(err)
	}
	return events
}

// isRun fails the test unless the events are those after a place, one by one.
func isRun(t testing.TB, after int64, events []*parley.Event) {
	t.Helper()
	for i, e := range events {
		if want := after + int64(i) + 1; e.Sequence != want || e.ID.Sequence() != want || string(e.Data) != fmt.Sprintf(`{"n":%d}`, want) {
			t.Fatalf("after %d, event %d of %d is %s", after, i+1, len(events), e.JSON())
		}
	}
}
