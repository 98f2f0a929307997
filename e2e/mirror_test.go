package e2e_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"parley/internal/database"
	"parley/internal/testing/dbtest"
)

const mirrorKills = 15

// A mirror is killed at random moments while the server is written to. Then every
// event of the log is in the target once.
func TestKilledMirrorsGoOn(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		killMirrors(t, "sqlite:"+filepath.Join(t.TempDir(), "copy.db"))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		killMirrors(t, dbtest.PostgresURL(t))
	})
	t.Run("jsonl", func(t *testing.T) {
		t.Parallel()
		killMirrors(t, "jsonl:"+t.TempDir())
	})
}

func killMirrors(t *testing.T, target string) {
	t.Helper()
	data := filepath.Join(t.TempDir(), "data")
	l := newLoad()
	server := startLoaded(t, loadedEnv(data, ""), l, data)
	defer func() {
		server.kill()
		server.checkRaces(t)
	}()
	ctx, stop := context.WithCancel(t.Context())
	done := l.run(ctx, rand.Uint64())
	env := append(os.Environ(), "PARLEY_URL="+l.server, "PARLEY_API_KEY="+l.key, "PARLEY_TO="+target, "PARLEY_PREFIX=copy_")
	for range mirrorKills {
		p, err := startProcess(t.TempDir(), env, binary, "mirror")
		if err != nil {
			t.Fatal(err)
		}
		select {
		case <-time.After(shortestLife + rand.N(longestLife)):
		case <-p.ended:
			t.Errorf("the mirror ended by itself: %v\n%s", p.err, p.stderr)
		}
		p.kill()
		p.checkRaces(t)
	}
	stop()
	<-done
	last := exec.Command(binary, "mirror", "--once")
	last.Env = env
	if out, err := last.CombinedOutput(); err != nil {
		t.Fatalf("the last mirror: %v\n%s", err, out)
	}
	logged := readLog(t, l.client(t))
	mirrored := mirroredEvents(t, target)
	if len(mirrored) != len(logged) {
		t.Fatalf("the target has %d events, and the log %d", len(mirrored), len(logged))
	}
	for i, e := range logged {
		if !bytes.Contains([]byte(mirrored[i]), []byte(e.ID)) {
			t.Fatalf("at place %d of the target stands %s, and of the log %s", i+1, mirrored[i], e.ID)
		}
	}
	t.Logf("%d kills, %d events", mirrorKills, len(logged))
}

// mirroredEvents are the events of a target in order: each a text that has its id.
func mirroredEvents(t *testing.T, target string) (events []string) {
	t.Helper()
	if dir, ok := bytes.CutPrefix([]byte(target), []byte("jsonl:")); ok {
		text, err := os.ReadFile(filepath.Join(string(dir), "copy_events.jsonl"))
		if err != nil {
			t.Fatal(err)
		}
		for line := range bytes.Lines(text) {
			events = append(events, string(line))
		}
		return events
	}
	pool, _, err := database.OpenOutside(t.Context(), target)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	rows, err := pool.QueryContext(t.Context(), "select sequence, id from copy_events order by sequence")
	if err != nil {
		t.Fatal(err)
	}
	return scanned(t, rows)
}

func scanned(t *testing.T, rows *sql.Rows) (texts []string) {
	t.Helper()
	defer rows.Close()
	for rows.Next() {
		var sequence int64
		var id string
		if err := rows.Scan(&sequence, &id); err != nil {
			t.Fatal(err)
		}
		texts = append(texts, fmt.Sprintf("%d %s", sequence, id))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return texts
}
