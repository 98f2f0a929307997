package dbtest

import (
	"context"
	"os"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Freeze stops every process of the server in its tracks, so that it hangs: it takes
// connections and requests and answers nothing. Thaw lets it go on, and so does the
// end of the test.
func (s *Server) Freeze(t testing.TB) {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, s.URL("postgres"))
	if err != nil {
		t.Fatalf("freeze PostgreSQL: %v", err)
	}
	defer func() { _ = conn.PgConn().Conn().Close() }() // who closes as one should waits for the server
	t.Cleanup(func() { s.Thaw(t) })
	s.frozen = []int{s.process.Process.Pid}
	s.signal(t, freeze) // first, so that it starts no more of the others
	rows, err := conn.Query(ctx, "select pid from pg_stat_activity")
	if err != nil {
		t.Fatalf("freeze PostgreSQL: %v", err)
	}
	others, err := pgx.CollectRows(rows, pgx.RowTo[int])
	if err != nil {
		t.Fatalf("freeze PostgreSQL: %v", err)
	}
	s.frozen = append(s.frozen, others...)
	s.signal(t, freeze)
}

// Thaw lets a server that is frozen go on.
func (s *Server) Thaw(t testing.TB) {
	t.Helper()
	s.signal(t, thaw)
	s.frozen = nil
}

func (s *Server) signal(t testing.TB, signal func(*os.Process) error) {
	t.Helper()
	for _, pid := range s.frozen {
		p, err := os.FindProcess(pid)
		if err == nil {
			err = signal(p)
		}
		if err != nil {
			t.Errorf("freeze or thaw PostgreSQL: %v", err)
		}
	}
}
