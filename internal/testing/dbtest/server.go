package dbtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Server is a throwaway PostgreSQL server in a temporary folder, reached through
// a Unix socket. It does not outlive the test process, however that ends.
type Server struct {
	bin, dir string
	owner    owner
	process  *exec.Cmd
	frozen   []int     // processes, see Freeze
	guard    io.Closer // closing it, or dying, lets the watchdog clean up
}

// StartPostgres starts a server for one test, which may stop and start it; it is
// gone when the test ends. Without PostgreSQL on this machine the test is skipped.
func StartPostgres(t testing.TB) *Server {
	t.Helper()
	return startFor(t, quick)
}

// StartDurablePostgres starts a server for one benchmark, which waits for the disk
// as a server should.
func StartDurablePostgres(t testing.TB) *Server {
	t.Helper()
	return startFor(t, durable)
}

func startFor(t testing.TB, p promise) *Server {
	t.Helper()
	s, err := startServer(p)
	orSkip(t, err)
	t.Cleanup(func() {
		s.Stop(t)
		s.guard.Close()
	})
	return s
}

// promise is what a server does with what is written to it.
type promise string

const (
	quick   promise = "fsync = off\nfull_page_writes = off\nshared_buffers = 64MB\nmax_wal_size = 96MB\n"
	durable promise = "fsync = on\nshared_buffers = 256MB\nmax_wal_size = 2GB\n"
)

// URL is where the database called name is found.
func (s *Server) URL(name string) string {
	u := url.URL{Scheme: "postgres", User: url.User("postgres"), Path: "/" + name}
	u.RawQuery = url.Values{"host": {s.dir}, "sslmode": {"disable"}}.Encode()
	return u.String()
}

// Stop ends every session and the server. It returns when the server is gone.
func (s *Server) Stop(t testing.TB) {
	t.Helper()
	s.end(t, terminate)
}

// Crash ends the server without a word to anybody, as PostgreSQL's immediate
// shutdown does: it recovers when it is started again.
func (s *Server) Crash(t testing.TB) {
	t.Helper()
	s.end(t, quit)
}

func (s *Server) end(t testing.TB, signal func(*os.Process) error) {
	t.Helper()
	if s.process == nil {
		return
	}
	if err := signal(s.process.Process); err != nil {
		t.Errorf("stop PostgreSQL: %v", err)
	}
	_ = s.process.Wait() // how it exits says nothing that the test asked
	s.process = nil
}

// Start starts the server again after Stop, with the same databases and URL.
func (s *Server) Start(t testing.TB) {
	t.Helper()
	if err := s.run(); err != nil {
		t.Fatalf("start PostgreSQL: %v", err)
	}
}

func startServer(p promise) (_ *Server, err error) {
	s := &Server{}
	if s.owner, err = serverOwner(); err != nil {
		return nil, notInstalled{err}
	}
	if s.bin, err = findBinaries(); err != nil {
		return nil, notInstalled{err}
	}
	if s.dir, err = makeFolder(s.owner, p); err != nil {
		return nil, err
	}
	if s.guard, err = startWatchdog(s.dir); err != nil {
		os.RemoveAll(s.dir)
		return nil, err
	}
	if err = s.initialize(p); err == nil {
		err = s.run()
	}
	if err != nil {
		s.guard.Close()
		return nil, err
	}
	return s, nil
}

// makeFolder makes a folder that the owner can reach and whose path is short enough
// for a socket, whatever TMPDIR says.
func makeFolder(o owner, p promise) (string, error) {
	const longest = 60
	parent := os.TempDir()
	if memory := memoryFolder(); memory != "" && p == quick {
		parent = memory
	} else if o != (owner{}) || len(parent) > longest {
		parent = "/tmp"
	}
	dir, err := os.MkdirTemp(parent, "parley-pg-")
	if err != nil {
		return "", err
	}
	return dir, o.adopt(dir)
}

func (s *Server) initialize(p promise) error {
	cmd := exec.Command(filepath.Join(s.bin, "initdb"),
		"--pgdata", s.data(), "--username", "postgres", "--auth", "trust",
		"--encoding", "UTF8", "--no-locale", "--no-sync", "--wal-segsize", "4")
	cmd.Dir = s.dir
	s.owner.apply(cmd)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	return s.configure(p)
}

// configure makes the server small, and quick where tests lose nothing by it.
func (s *Server) configure(p promise) error {
	file, err := os.OpenFile(filepath.Join(s.data(), "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(file, `
listen_addresses = ''
unix_socket_directories = '%s'
max_connections = 200
wal_level = minimal
max_wal_senders = 0
dynamic_shared_memory_type = mmap
autovacuum = off
%s`, s.dir, p)
	return errors.Join(err, file.Close())
}

func (s *Server) run() error {
	cmd := exec.Command(filepath.Join(s.bin, "postgres"), "-D", s.data())
	cmd.Dir = s.dir
	s.owner.apply(cmd)

	// Only files: a pipe or the tests' own output would keep go test waiting.
	log, err := os.Create(s.log())
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }()
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return err
	}
	s.process = cmd
	return s.waitUntilReady()
}

// waitUntilReady connects until the server answers; it has no better signal.
func (s *Server) waitUntilReady() error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		conn, err := pgx.Connect(ctx, s.URL("postgres"))
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			said, _ := os.ReadFile(s.log())
			return fmt.Errorf("it does not answer: %w\n%s", err, said)
		}
	}
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }
func (s *Server) log() string  { return filepath.Join(s.dir, "log") }

// watchdog waits for the end of its input, which is the end of whoever holds the
// other side, then stops the server at once and removes its folder.
const watchdog = `
trap '' HUP INT TERM
cat >/dev/null
if pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null); then
	kill -QUIT "$pid" 2>/dev/null
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		kill -0 "$pid" 2>/dev/null || break
		sleep 0.1
	done
fi
rm -rf "$1"
`

func startWatchdog(dir string) (io.Closer, error) {
	cmd := exec.Command("sh", "-c", watchdog, "parley-test-watchdog", dir)
	cmd.Dir = "/"
	owner{}.apply(cmd)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	return stdin, cmd.Start()
}
