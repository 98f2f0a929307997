package sandbox

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"testing"

	"go.uber.org/goleak"
)

// This binary is also its own children, those that behave and those that do not.
func TestMain(m *testing.M) {
	if IsChild() {
		Child()
	}
	if len(os.Args) == 2 && roles[os.Args[1]] != nil {
		roles[os.Args[1]](bufio.NewReader(os.Stdin), os.Stdout)
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

// roles are children that no sandbox should ever have.
var roles = map[string]func(in io.Reader, out io.Writer){
	"test-other-program": func(_ io.Reader, out io.Writer) { fmt.Fprintln(out, "Usage: other <command>") },
	"test-quits":         func(io.Reader, io.Writer) {},
	"test-half-an-answer": impostor(func(out io.Writer) {
		_, _ = out.Write([]byte{0, 0, 0, 40, 0, 0, 0, 30, '{'})
		os.Exit(3)
	}),
	"test-garbage":   impostor(func(out io.Writer) { _, _ = out.Write(bytes.Repeat([]byte("garbage"), 1000)) }),
	"test-odd-parts": impostor(func(out io.Writer) { _, _ = out.Write([]byte{0, 0, 0, 4, 0, 0, 0, 9}) }),
	"test-no-json":   answering(gaveValue, `{"a":`, ""),
	"test-no-utf8":   answering(gaveValue, "\"\xff\"", ""),
	"test-no-error":  answering(gaveError, `[]`, ""),
	"test-no-log":    answering(gaveNone, "", `{"a":1}`),
	"test-no-kind":   answering("other", "", ""),
	"test-mute":      impostor(func(io.Writer) {}),
	"test-confined":  func(_ io.Reader, out io.Writer) { probe(out) },
	"test-server":    func(io.Reader, io.Writer) { runServer() },
}

// impostor greets as a child does and then answers each request in its own way.
func impostor(answer func(out io.Writer)) func(io.Reader, io.Writer) {
	return func(in io.Reader, out io.Writer) {
		for n := 0; ; n++ {
			if _, err := readMessage(in, maxRequest); err != nil {
				return
			}
			if n > 0 {
				answer(out)
			} else if writeMessage(out, message{[]byte(greeting), nil}) != nil {
				return
			}
		}
	}
}

func answering(parts ...string) func(io.Reader, io.Writer) {
	var m message
	for _, part := range parts {
		m = append(m, []byte(part))
	}
	return impostor(func(out io.Writer) { _ = writeMessage(out, m) })
}

// open makes a sandbox that is closed when the test has ended.
func open(t testing.TB, o Options) *Sandbox {
	o = o.withDefaults()
	o.Timeout *= slowdown
	o.KillAfter *= slowdown
	s := New(o)
	t.Cleanup(s.Close)
	return s
}

// run calls transform in a script that must be all right.
func run(t testing.TB, s *Sandbox, source string, args ...string) string {
	t.Helper()
	result, _, err := call(t.Context(), s, source, args...)
	if err != nil {
		t.Fatalf("%s: %v", source, err)
	}
	return string(result)
}

func call(ctx context.Context, s *Sandbox, source string, args ...string) (json.RawMessage, []string, error) {
	var list []json.RawMessage
	for _, arg := range args {
		list = append(list, json.RawMessage(arg))
	}
	return s.Call(ctx, source, "transform", list...)
}

func isLimit(err error, kind string) bool {
	var limit *LimitError
	return errors.As(err, &limit) && limit.Kind == kind
}

// incident is a line of the sandbox's log.
type incident struct {
	name string
	attr map[string]any
}

func (i incident) pid() int { return int(i.attr["pid"].(int64)) }

// incidents is a log handler that hands the lines on.
type incidents chan incident

func (c incidents) Enabled(context.Context, slog.Level) bool { return true }
func (c incidents) WithAttrs([]slog.Attr) slog.Handler       { return c }
func (c incidents) WithGroup(string) slog.Handler            { return c }

func (c incidents) Handle(_ context.Context, r slog.Record) error {
	i := incident{r.Message, map[string]any{}}
	r.Attrs(func(a slog.Attr) bool {
		i.attr[a.Key] = a.Value.Any()
		return true
	})
	c <- i
	return nil
}

// await returns the next incident of that name.
func (c incidents) await(t *testing.T, name string) incident {
	t.Helper()
	for {
		select {
		case i := <-c:
			if i.name == name {
				return i
			}
		case <-t.Context().Done():
			t.Fatalf("%s did not happen", name)
		}
	}
}
