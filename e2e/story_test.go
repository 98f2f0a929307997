package e2e_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"parley/internal/testing/dbtest"
	"parley/internal/testing/receiver"
)

// A story is a script in testdata. Besides testscript's own commands it has:
//
//	start serve|dev ARG…    starts the server on a free port, waits until it is ready, and sets
//	                        $PARLEY_URL to an address that stays the same when it is started again
//	halt                    asks the server to stop, and waits until it has, with status 0
//	crash                   ends the server at once, as a power cut would
//	cut                     breaks every connection to the server
//	use FILE                takes the API key, $ORG and $INBOX from credentials
//	request METHOD PATH STATUS [BODY] [HEADER=VALUE…]
//	                        asks the server and demands a status; the answer is in answer.json;
//	                        @FILE is the body in a file
//	follow LINK STATUS [PATTERN]
//	                        asks for a link as a browser would, without a key, and demands a status,
//	                        and headers and a body that match
//	save NAME .path         sets $NAME to a value of the answer
//	receiver                starts a webhook receiver at $RECEIVER
//	receiver down|up        makes it unreachable, and reachable again
//	receiver forget         drops what it has had
//	receiver answer STATUS… answers with these, then with 204
//	receiver at PATH STATUS [BODY]
//	                        answers so at a path, and 204 elsewhere
//	receiver slow DURATION  answers 204 after a while
//	receiver verify SECRET  checks every signature with the Standard Webhooks library
//	spawn NAME ARG…         runs `parley ARG…` beside the story; its output is in NAME.out and NAME.err
//	interrupt NAME          ends it with Ctrl-C, and demands status 0
//	trigger-all FILE        triggers every type that the file lists
//	newer                   makes the database look as if a newer program had migrated it
//	age SEQUENCE DAYS       makes the events up to a sequence so many days older
//
// and the checks of check_test.go, each of which can be negated with ! and waited
// for with `eventually`.
func TestStories(t *testing.T) {
	t.Parallel()
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			testscript.Run(t, testscript.Params{
				Dir:                 "testdata",
				Setup:               func(env *testscript.Env) error { return begin(env, engine) },
				Condition:           func(name string) (bool, error) { return name == engine, nil },
				Cmds:                commands(),
				RequireExplicitExec: true,
			})
		})
	}
}

// story is what a script works with.
type story struct {
	t         testing.TB
	door      *door
	server    *process
	spawned   map[string]*process
	processes []*process // all that there were
	receivers map[string]*receiver.Receiver
	database  string // URL, "" on SQLite
}

type storyKey struct{}

func of(ts *testscript.TestScript) *story { return ts.Value(storyKey{}).(*story) }

// begin prepares a story: an empty database, and the program in the PATH.
func begin(env *testscript.Env, engine string) error {
	door, err := newDoor()
	if err != nil {
		return err
	}
	s := &story{
		t: env.T().(testing.TB), door: door,
		spawned: map[string]*process{}, receivers: map[string]*receiver.Receiver{},
	}
	env.Values[storyKey{}] = s
	env.Defer(s.end)
	env.Setenv("PATH", filepath.Dir(binary)+string(os.PathListSeparator)+env.Getenv("PATH"))
	env.Setenv("PARLEY_URL", door.url())
	env.Setenv("GORACE", os.Getenv("GORACE"))
	if engine == "postgres" {
		s.database = dbtest.PostgresURL(s.t)
		env.Setenv("PARLEY_DATABASE_URL", s.database)
		env.Setenv("PARLEY_SECRET_KEY", "c3RvcmllcyBzaGFyZSBhIGtleSBvZiAzMiBieXRlcyE=") // as nodes with folders of their own need to
	}
	return nil
}

// end ends what the story has left running.
func (s *story) end() {
	for _, p := range s.processes {
		p.kill()
		p.checkRaces(s.t)
	}
	s.door.close()
	if s.t.Failed() && s.server != nil {
		s.t.Logf("the server's log, but for requests that it answered as it should:\n%s", unusual(s.server.stderr.String()))
	}
}

// unusual leaves out of a log what it is full of: what went as it should.
func unusual(log string) string {
	var lines strings.Builder
	for line := range strings.Lines(log) {
		routine := strings.Contains(line, "msg=request") && !strings.Contains(line, "status=5") ||
			strings.Contains(line, "outcome=delivered")
		if !routine {
			lines.WriteString(line)
		}
	}
	return lines.String()
}

func commands() map[string]func(*testscript.TestScript, bool, []string) {
	cmds := map[string]func(*testscript.TestScript, bool, []string){
		"start":       start,
		"halt":        halt,
		"crash":       crash,
		"cut":         func(ts *testscript.TestScript, _ bool, _ []string) { of(ts).door.cut() },
		"use":         use,
		"request":     request,
		"follow":      follow,
		"save":        save,
		"receiver":    receive,
		"spawn":       spawn,
		"interrupt":   interrupt,
		"newer":       newer,
		"age":         age,
		"trigger-all": triggerAll,
		"eventually":  eventually,
	}
	for name, check := range checks() {
		cmds[name] = once(check)
	}
	return cmds
}

func start(ts *testscript.TestScript, _ bool, args []string) {
	s := of(ts)
	if s.server != nil {
		ts.Fatalf("the server runs already")
	}
	p, addr, err := startServer(ts.MkAbs("."), environment(ts), args...)
	if err != nil {
		ts.Fatalf("%v", err)
	}
	s.server = p
	s.processes = append(s.processes, p)
	s.door.leadTo(addr)
	ts.Setenv("SERVER", "http://"+addr)
	ts.Setenv("PORT", addr[strings.LastIndexByte(addr, ':')+1:])
}

func halt(ts *testscript.TestScript, _ bool, _ []string) {
	s := of(ts)
	err := s.server.stop(syscall.SIGTERM)
	ts.Check(os.WriteFile(ts.MkAbs("server.err"), []byte(s.server.stderr.String()), 0o600))
	ts.Check(os.WriteFile(ts.MkAbs("server.out"), []byte(s.server.stdout.String()), 0o600))
	if err != nil {
		ts.Fatalf("stop the server: %v\n%s", err, s.server.stderr)
	}
	s.server = nil
}

func crash(ts *testscript.TestScript, _ bool, _ []string) {
	s := of(ts)
	s.server.kill()
	s.server = nil
}

func spawn(ts *testscript.TestScript, _ bool, args []string) {
	p, err := startProcess(ts.MkAbs("."), environment(ts), binary, args[1:]...)
	ts.Check(err)
	s := of(ts)
	s.spawned[args[0]] = p
	s.processes = append(s.processes, p)
}

func interrupt(ts *testscript.TestScript, _ bool, args []string) {
	s := of(ts)
	p := s.spawned[args[0]]
	delete(s.spawned, args[0])
	if err := p.stop(os.Interrupt); err != nil {
		ts.Fatalf("%s: %v\n%s", args[0], err, p.stderr)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]+".out"), []byte(p.stdout.String()), 0o600))
	ts.Check(os.WriteFile(ts.MkAbs(args[0]+".err"), []byte(p.stderr.String()), 0o600))
}

// triggerAll triggers the types that a file lists, as `trigger --list` prints them.
func triggerAll(ts *testscript.TestScript, _ bool, args []string) {
	var types []string
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		eventType, _, _ := strings.Cut(line, " ")
		if eventType != "custom.NAME" && eventType != "webhook.test" { // these have lines of their own
			types = append(types, eventType)
		}
	}
	cmd := exec.Command(binary, append([]string{"trigger"}, types...)...)
	cmd.Dir, cmd.Env = ts.MkAbs("."), environment(ts)
	out, err := cmd.CombinedOutput()
	if err != nil {
		ts.Fatalf("trigger: %v\n%s", err, out)
	}
	for _, eventType := range types {
		if !strings.Contains(string(out), "  "+eventType+"  ") {
			ts.Fatalf("%s was not triggered\n%s", eventType, out)
		}
	}
	if len(types) < 30 {
		ts.Fatalf("only %d types can be triggered", len(types))
	}
}

// environment is the script's, for a process beside it.
func environment(ts *testscript.TestScript) []string {
	var env []string
	for _, name := range []string{
		"PATH", "HOME", "TMPDIR", "PARLEY_URL", "PARLEY_API_KEY", "PARLEY_DATABASE_URL", "PARLEY_SECRET_KEY", "PARLEY_DATA",
		"PARLEY_CONFIG", "PARLEY_RATE_LIMIT", "PARLEY_LOG_FORMAT", "GORACE",
	} {
		if value := ts.Getenv(name); value != "" {
			env = append(env, name+"="+value)
		}
	}
	return env
}
