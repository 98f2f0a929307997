package e2e_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// The README's five steps work as pasted into a shell, one after the other.
func TestReadmeStepsWorkAsPasted(t *testing.T) {
	t.Parallel()
	for _, tool := range []string{"bash", "curl", "sed"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("the steps need %s, which is not installed", tool)
		}
	}
	steps := readmeSteps(t)
	port := freePort(t)
	s := newServer(t)
	sh := newShell(t, s.dir, buildReceiver(t, port))

	says := map[int]string{
		1: `"name":"Demo Bakery"`,
		2: "whsec_",
		3: "receiving on",
		4: `(?s)verified conversation\.created .*verified message\.created `,
		5: `(?s)conversation\.created.*message\.created.*"status":"delivered"`,
	}
	for i, step := range steps {
		sh.paste(t, i+1, strings.ReplaceAll(step, "9000", port))
		sh.waitFor(t, says[i+1])
		if i+1 == 4 {
			s.waitForDeliveries(t, 2) // somebody who reads on takes longer than their records do
		}
	}
	if out := sh.out.String(); strings.Contains(out, "refused") || strings.Contains(out, "problem") {
		t.Errorf("the steps say\n%s", out)
	}
}

var readmeStep = regexp.MustCompile("(?s)<!-- step:(\\d+) -->\n```sh\n(.*?)```\n")

// readmeSteps are the blocks of README.md that follow <!-- step:1 --> and so on.
func readmeSteps(t *testing.T) (steps []string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for i, found := range readmeStep.FindAllStringSubmatch(string(text), -1) {
		if found[1] != fmt.Sprint(i+1) {
			t.Fatalf("step %s of README.md stands where step %d should", found[1], i+1)
		}
		steps = append(steps, found[2])
	}
	if len(steps) != 5 {
		t.Fatalf("README.md has %d steps, want 5", len(steps))
	}
	return steps
}

// freePort is a port for the receiver in place of the README's 9000, which something
// else may have on this machine.
func freePort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// buildReceiver builds the README's receiver with another port.
func buildReceiver(t *testing.T, port string) (program string) {
	t.Helper()
	source, err := os.ReadFile(filepath.Join("..", "examples", "receiver", "main.go"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	copied := filepath.Join(dir, "main.go")
	if err := os.WriteFile(copied, []byte(strings.ReplaceAll(string(source), "9000", port)), 0o600); err != nil {
		t.Fatal(err)
	}
	program = filepath.Join(dir, "receiver")
	cmd := exec.Command("go", "build", "-o", program, copied) // here, so that the module's dependencies are found
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build the receiver: %v\n%s", err, out)
	}
	return program
}

// waitForDeliveries waits until n attempts are recorded as delivered.
func (s *runningServer) waitForDeliveries(t *testing.T, n int) {
	t.Helper()
	deadline := time.After(checkLimit)
	look := time.NewTicker(checkPause)
	defer look.Stop()
	for {
		answer, err := ask(s.url, "", http.MethodGet, "/metrics", "", nil)
		if err == nil && strings.Contains(string(answer.body), fmt.Sprintf("parley_webhook_attempts_total{outcome=\"delivered\"} %d\n", n)) &&
			strings.Contains(string(answer.body), "parley_webhook_attempts_unrecorded 0") {
			return
		}
		select {
		case <-look.C:
		case <-deadline:
			t.Fatalf("the deliveries were not recorded: %v\n%s", err, answer.body)
		}
	}
}

// shell is a terminal that commands are pasted into.
type shell struct {
	in  io.Writer
	out *output
}

// setting makes `go run` start what is built already, and ends with the shell what
// the shell has started.
const setting = `
trap 'kill $(jobs -p) 2>/dev/null' EXIT
go() {
	case "$1 $2" in
	"run ./cmd/parley") shift 2; "$PARLEY_BINARY" "$@" ;;
	"run ./examples/receiver") exec "$RECEIVER_BINARY" ;;
	*) echo "a problem: the test does not know how to: go $*" ;;
	esac
}
`

func newShell(t *testing.T, dir, receiver string) *shell {
	t.Helper()
	cmd := exec.Command("bash")
	cmd.Dir, cmd.WaitDelay = dir, exitLimit
	cmd.Env = append(os.Environ(), "PARLEY_BINARY="+binary, "RECEIVER_BINARY="+receiver)
	out := newOutput()
	cmd.Stdout, cmd.Stderr = out, out
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		if err := cmd.Wait(); err != nil {
			t.Logf("the shell: %v", err)
		}
	})
	sh := &shell{in, out}
	sh.write(t, setting)
	return sh
}

// paste has the shell run a step, and waits until it has.
func (sh *shell) paste(t *testing.T, number int, step string) {
	t.Helper()
	sh.write(t, step)
	sh.write(t, fmt.Sprintf("printf '\\n== step %d is done ==\\n'\n", number))
	sh.waitFor(t, fmt.Sprintf("== step %d is done ==", number))
}

func (sh *shell) write(t *testing.T, text string) {
	t.Helper()
	if _, err := io.WriteString(sh.in, text); err != nil {
		t.Fatalf("write to the shell: %v", err)
	}
}

// waitFor waits until the terminal shows something.
func (sh *shell) waitFor(t *testing.T, pattern string) {
	t.Helper()
	wanted := regexp.MustCompile(pattern)
	deadline := time.After(checkLimit)
	for {
		text, more := sh.out.read()
		if wanted.MatchString(text) {
			return
		}
		select {
		case <-more:
		case <-deadline:
			t.Fatalf("the terminal does not show %q but\n%s", pattern, text)
		}
	}
}
