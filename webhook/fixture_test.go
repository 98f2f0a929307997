package webhook_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"

	"parley"
	"parley/internal/outbound"
	"parley/internal/testing/dbtest"
	"parley/webhook"
)

const secret = outbound.Secret("whsec_dGhpcnR5LXR3byBieXRlcyBvZiBhIHRlc3Qncw==")

func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// receiver is one that verifies with the tests' secret and logs to the test.
func receiver(t testing.TB, dedup webhook.Dedup, change ...func(*webhook.Config)) *webhook.Receiver {
	t.Helper()
	c := webhook.Config{
		Keys: []string{string(secret)}, Dedup: dedup,
		Logger: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	for _, f := range change {
		f(&c)
	}
	return must(webhook.NewReceiver(c))(t)
}

// bodyOf is an event of a declared type with the data of its example.
func bodyOf(t testing.TB, name string, sequence int64) (id string, body []byte) {
	t.Helper()
	declared, ok := parley.Declared(name)
	if !ok {
		t.Fatalf("there is no type %s", name)
	}
	data := must(json.Marshal(declared.Example))(t)
	e := parley.Event{
		Organization: "org_01kaf0v3b1f8wr5q2n7m4t9xzc", Sequence: sequence, ID: parley.NewEventID(sequence), Type: name,
		Actor: parley.System, CreatedAt: parley.Now(), Data: data,
	}
	return string(e.ID), e.JSON()
}

// signed is the header of a request as Parley signs it.
func signed(t testing.TB, id string, at time.Time, body []byte, secrets ...outbound.Secret) http.Header {
	t.Helper()
	if len(secrets) == 0 {
		secrets = []outbound.Secret{secret}
	}
	return header(must(outbound.NewSigner(secrets...))(t), id, at, body)
}

func header(signer *outbound.Signer, id string, at time.Time, body []byte) http.Header {
	_, signature := signer.Sign(id, at.Unix(), body)
	h := http.Header{}
	h.Set("webhook-id", id)
	h.Set("webhook-timestamp", strconv.FormatInt(at.Unix(), 10))
	h.Set("webhook-signature", signature)
	return h
}

// post sends a receiver what Parley would.
func post(t testing.TB, r http.Handler, id string, body []byte) *httptest.ResponseRecorder {
	t.Helper()
	q := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader(string(body)))
	q.Header = signed(t, id, time.Now(), body)
	w := httptest.NewRecorder()
	r.ServeHTTP(w, q)
	return w
}

func want(t testing.TB, w *httptest.ResponseRecorder, status int) {
	t.Helper()
	if w.Code != status {
		t.Errorf("it answers %d %q, want %d", w.Code, w.Body, status)
	}
}

// eachDatabase runs a test on a fresh database of each engine, as a program that has
// never heard of Parley would open it.
func eachDatabase(t *testing.T, test func(t *testing.T, db *sql.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "crm.db")
		test(t, openDatabase(t, "sqlite", "file:"+path+"?_pragma=busy_timeout(20000)&_pragma=journal_mode(wal)"))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, openDatabase(t, "pgx", dbtest.PostgresURL(t)))
	})
}

func openDatabase(t testing.TB, driver, name string) *sql.DB {
	t.Helper()
	db := must(sql.Open(driver, name))(t)
	t.Cleanup(func() { db.Close() })
	return db
}

func exec(t testing.TB, db *sql.DB, statement string, args ...any) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), statement, args...); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func number(t testing.TB, db *sql.DB, query string) (n int) {
	t.Helper()
	if err := db.QueryRowContext(t.Context(), query).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

// counting makes a table, and a handler that adds one to what stands in it: an effect
// that shows how often it happened.
func counting(t testing.TB, db *sql.DB) func(context.Context, *sql.Tx) error {
	t.Helper()
	exec(t, db, "create table effects (n integer not null)")
	exec(t, db, "insert into effects (n) values (0)")
	return func(ctx context.Context, tx *sql.Tx) error {
		if tx == nil {
			return fmt.Errorf("there is no transaction")
		}
		_, err := tx.ExecContext(ctx, "update effects set n = n + 1")
		return err
	}
}

const effects = "select n from effects"
