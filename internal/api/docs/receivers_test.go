package docs_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"parley/internal/outbound"
)

// The receivers are shown as whole programs, and here they run as such. Of those
// in other languages the ones run that this machine has the language of.
func TestReceiversTakeWhatIsSignedAndNothingElse(t *testing.T) {
	t.Parallel()
	secret := outbound.NewSecret()
	for name, command := range map[string]func(address, port string) *exec.Cmd{
		"Go": func(_, _ string) *exec.Cmd {
			program := filepath.Join(t.TempDir(), "receiver")
			if out, err := exec.Command("go", "build", "-o", program, "samples/receiver.go").CombinedOutput(); err != nil {
				t.Fatalf("build the receiver: %v\n%s", err, out)
			}
			return exec.Command(program)
		},
		"Node":   func(_, _ string) *exec.Cmd { return exec.Command("node", "samples/receiver.mjs") },
		"Python": func(_, _ string) *exec.Cmd { return exec.Command("python3", "samples/receiver.py") },
		"PHP": func(address, _ string) *exec.Cmd {
			return exec.Command("php", "-S", address, "samples/receiver.php")
		},
		"Ruby": func(_, port string) *exec.Cmd {
			return exec.Command("ruby", "testdata/rack.rb", "samples/receiver.ru", port)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := freeAddress(t)
			_, port, _ := net.SplitHostPort(address)
			run := command(address, port)
			if run.Err != nil {
				t.Logf("not run: %v", run.Err)
				return
			}
			run.Env = append(os.Environ(), "WEBHOOK_SECRET="+string(secret), "PORT="+port)
			output := start(t, run, address)
			for what, deliver := range deliveries(secret) {
				id := "evt_" + strings.ReplaceAll(what, " ", "_")
				body := `{"id":"` + id + `","text":"naïve ✓"}`
				request := deliver(t, "http://"+address+"/", id, body)
				got := send(t, request)
				if good := strings.HasPrefix(what, "good"); good != (got/100 == 2) || !good && got != http.StatusUnauthorized {
					t.Errorf("%s: answers %d", what, got)
				}
			}
			if err := run.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			said := <-output
			if !strings.Contains(said, "evt_good") || strings.Contains(said, "evt_bad") {
				t.Errorf("it prints %q, want what was good and nothing else", said)
			}
		})
	}
}

// deliveries are requests of each kind, signed by the library of the specification.
func deliveries(secret outbound.Secret) map[string]func(t *testing.T, url, id, body string) *http.Request {
	signed := func(with outbound.Secret, age time.Duration, change func(*http.Request)) func(*testing.T, string, string, string) *http.Request {
		return func(t *testing.T, url, id, body string) *http.Request {
			t.Helper()
			w, err := standardwebhooks.NewWebhook(string(with))
			if err != nil {
				t.Fatal(err)
			}
			at := time.Now().Add(-age)
			signature, err := w.Sign(id, at, []byte(body))
			if err != nil {
				t.Fatal(err)
			}
			r, err := http.NewRequest(http.MethodPost, url, strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("webhook-id", id)
			r.Header.Set("webhook-timestamp", strconv.FormatInt(at.Unix(), 10))
			r.Header.Set("webhook-signature", signature)
			change(r)
			return r
		}
	}
	header := func(name string, value func(string) string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value(r.Header.Get(name))) }
	}
	nothing := func(string) string { return "" }
	return map[string]func(*testing.T, string, string, string) *http.Request{
		"good": signed(secret, 0, func(*http.Request) {}),
		"good during a rotation": signed(secret, 0, header("webhook-signature", func(s string) string {
			return "v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= " + s
		})),
		"bad secret":       signed(outbound.NewSecret(), 0, func(*http.Request) {}),
		"bad because old":  signed(secret, time.Hour, func(*http.Request) {}),
		"bad because soon": signed(secret, -time.Hour, func(*http.Request) {}),
		"bad body": signed(secret, 0, func(r *http.Request) {
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader("{}")), 2
		}),
		"bad id":             signed(secret, 0, header("webhook-id", func(s string) string { return s + "x" })),
		"bad version":        signed(secret, 0, header("webhook-signature", func(s string) string { return "v2" + s[2:] })),
		"bad for lack of it": signed(secret, 0, header("webhook-signature", nothing)),
		"bad for no time":    signed(secret, 0, header("webhook-timestamp", nothing)),
		"bad time":           signed(secret, 0, header("webhook-timestamp", func(string) string { return "soon" })),
	}
}

func send(t *testing.T, r *http.Request) int {
	t.Helper()
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	return answer.StatusCode
}

// freeAddress is an address of this machine that nobody listens at.
func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return fmt.Sprintf("localhost:%d", listener.Addr().(*net.TCPAddr).Port)
}

// start runs a program until it listens at the address. What it prints can be
// received once it has ended.
func start(t *testing.T, run *exec.Cmd, address string) (output <-chan string) {
	t.Helper()
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	run.Stdout, run.Stderr = writer, writer
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	_ = writer.Close() // the program has its own
	said := make(chan string, 1)
	go func() {
		text, _ := io.ReadAll(bufio.NewReader(reader))
		_ = run.Wait() // it was killed
		said <- string(text)
	}()
	t.Cleanup(func() { _ = run.Process.Kill() }) // unless it has ended
	for range 200 {
		if conn, err := net.Dial("tcp", address); err == nil {
			conn.Close()
			return said
		}
		select {
		case text := <-said:
			t.Fatalf("the receiver ended: %s", text)
		case <-time.After(50 * time.Millisecond):
		}
	}
	t.Fatal("the receiver does not listen")
	return nil
}
