package e2e_test

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"parley/internal/testing/receiver"
)

const theReceiver = "receiver"

func receiverOf(ts *testscript.TestScript) *receiver.Receiver {
	r := of(ts).receivers[theReceiver]
	if r == nil {
		ts.Fatalf("there is no receiver")
	}
	return r
}

// receive starts a receiver, or tells the one there is how to behave.
func receive(ts *testscript.TestScript, _ bool, args []string) {
	s := of(ts)
	if len(args) == 0 {
		r := receiver.New(s.t)
		s.receivers[theReceiver] = r
		ts.Setenv("RECEIVER", r.URL)
		return
	}
	r := receiverOf(ts)
	switch args[0] {
	case "down":
		r.Down()
	case "up":
		r.Up()
	case "forget":
		r.Forget()
	case "verify":
		r.Verify(s.t, args[1])
	case "slow":
		d, err := time.ParseDuration(args[1])
		ts.Check(err)
		r.Slow(d)
	case "answer":
		answer(ts, r, args[1:])
	case "at":
		answerAt(ts, r, args[1], args[2], strings.Join(args[3:], " "))
	default:
		ts.Fatalf("a receiver cannot %q", args[0])
	}
}

func answer(ts *testscript.TestScript, r *receiver.Receiver, statuses []string) {
	script := r.Script
	for _, text := range statuses {
		status, err := strconv.Atoi(text)
		ts.Check(err)
		script = script.Answer(status).Times(1).Then()
	}
	script.Answer(204)
}

// answerAt answers at one path with a status and a body in JSON, if there is one.
func answerAt(ts *testscript.TestScript, r *receiver.Receiver, path, status, body string) {
	code, err := strconv.Atoi(status)
	ts.Check(err)
	r.Func(func(w http.ResponseWriter, q *http.Request) {
		if q.URL.Path != path {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(code)
		_, _ = io.WriteString(w, body) // who went away does not miss it
	})
}
