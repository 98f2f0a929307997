package bench_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"parley/internal/bench"
	"parley/internal/sandbox"
	"parley/internal/testing/dbtest"
)

// TestMain plays the part of the program that the bench starts again.
func TestMain(m *testing.M) {
	if sandbox.IsChild() {
		sandbox.Child()
	}
	role := os.Getenv(bench.RoleVariable)
	if role == "" {
		os.Exit(m.Run())
	}
	if err := bench.Child(context.Background(), role, os.Stdin, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// small is the least that can be measured.
func small(scenarios ...string) bench.Options {
	return bench.Options{Scenarios: scenarios, Quick: true, Duration: 100 * time.Millisecond, Version: "test", Progress: io.Discard}
}

func TestARunGivesEveryFigureWithEverything(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	report, err := bench.Run(t.Context(), small("backlog", "fanout", "latency", "get", "listing"))
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := report.WriteJSON(&text); err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(text.Bytes(), &got); err != nil {
		t.Fatalf("%v:\n%s", err, &text)
	}
	members(t, "the report", got, "version", "started_at", "took_seconds", "quick", "repeat", "database", "machine", "figures", "failed")
	members(t, "the machine", got["machine"], "os", "arch", "processor", "processors", "go", "load_before")
	figures, _ := got["figures"].([]any)
	if len(figures) != 10 || len(report.Failed) > 0 {
		t.Fatalf("there are %d figures, want 10; failures: %v", len(figures), report.Failed)
	}
	for i, f := range figures {
		members(t, report.Figures[i].Name, f, "scenario", "name", "value", "unit", "compared_with", "baseline", "ratio",
			"bound", "bound_of", "bound_is", "verdict", "how")
	}
	for _, f := range report.Figures {
		if f.Value == nil {
			if f.Verdict != bench.Unknown {
				t.Errorf("%s is not known and is said to be %s", f.Name, f.Verdict)
			}
			continue
		}
		if *f.Value < 0 || f.Unit == bench.PerSecond && *f.Value == 0 || f.How == "" || strings.Contains(f.How, "\n") || f.Verdict == bench.Unknown {
			t.Errorf("%+v", f)
		}
		if strings.Contains(f.How, "in time") {
			t.Errorf("%s: %s", f.Name, f.How)
		}
	}
	leavesNothing(t)
}

func members(t *testing.T, what string, of any, want ...string) {
	t.Helper()
	object, _ := of.(map[string]any)
	for _, name := range want {
		if _, ok := object[name]; !ok {
			t.Errorf("%s has no member %s", what, name)
		}
	}
	if len(object) != len(want) {
		t.Errorf("%s has %d members, want %d", what, len(object), len(want))
	}
}

func leavesNothing(t *testing.T) {
	t.Helper()
	left, err := os.ReadDir(os.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range left {
		t.Errorf("%s is left behind", entry.Name())
	}
}

// cancelling is a writer that cancels once something is said.
type cancelling struct{ cancel context.CancelFunc }

func (c cancelling) Write(b []byte) (int, error) {
	if bytes.Contains(b, []byte("storing")) {
		c.cancel()
	}
	return len(b), nil
}

func TestAnInterruptedRunLeavesNothing(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	o := small("waiting")
	o.Progress, o.Terminal = cancelling{cancel}, true
	if _, err := bench.Run(ctx, o); !errors.Is(err, context.Canceled) {
		t.Errorf("run: %v, want that it was cancelled", err)
	}
	leavesNothing(t)
}

func TestWhatCannotBeMeasuredIsSaid(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		change func(*bench.Options)
		want   string
	}{
		{func(o *bench.Options) { o.Scenarios = []string{"backlog", "nothing"} }, `there is no scenario "nothing"`},
		{func(o *bench.Options) { o.Profile = true }, "--keep"},
	} {
		o := small()
		test.change(&o)
		if _, err := bench.Run(t.Context(), o); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("run: %v, want %q", err, test.want)
		}
	}

	o := small("idle")
	o.DatabaseURL = "postgres://nobody@127.0.0.1:1/none"
	report, err := bench.Run(t.Context(), o)
	if err != nil || len(report.Failed) != 1 || !strings.Contains(report.Failed[0].Error, "make a database") {
		t.Errorf("run without a database: %v, failures %v", err, report.Failed)
	}
}

func TestOnPostgreSQLTheDatabasesAreDropped(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	o := small("latency")
	o.DatabaseURL = dbtest.StartPostgres(t).URL("postgres")
	report, err := bench.Run(t.Context(), o)
	if err != nil || len(report.Failed) > 0 || len(report.Figures) != 2 || report.Database != "PostgreSQL" {
		t.Errorf("run: %v, %+v", err, report)
	}
	db, err := sql.Open("pgx", o.DatabaseURL)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}()
	var left int
	err = db.QueryRowContext(t.Context(), "select count(*) from pg_database where datname like 'parley%'").Scan(&left)
	if err != nil || left != 0 {
		t.Errorf("%d databases are left: %v", left, err)
	}
	leavesNothing(t)
}
