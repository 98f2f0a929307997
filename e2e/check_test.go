package e2e_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// A check says what is not as it should be, or nothing:
//
//	answer .path PATTERN           a value of the last answer matches the pattern
//	get PATH .path PATTERN         a value of what the server answers to GET PATH does
//	said NAME PATTERN              what a spawned program (or `server`) has written does
//	holds FILE PATTERN             what a file has in it does
//	received N                     the receiver has had N requests
//	received-types TYPE…           it has had events of these types, in this order
//	received-events N              it has had N different events, some perhaps more than once
//	received-in-order TYPE         it has had none of a type before an earlier one
//	received-body N .path PATTERN  a value in the body of its request N does
//	received-header N NAME PATTERN a header of its request N does
//	received-v1a N KEY             a v1a signature of its request N verifies with the public key
//	received-as-logged             what it has had is what the log holds, to the byte
//	verified                       no signature was wrong, and there was one
//	tailed NAME FROM TO            a spawned `events tail --json` has shown the range: in order, once each
//	replayed                       the last answer was one that had been given before
//	oneline                        the last program said one line on stderr, which begins with "parley: "
//	page PATH PATTERN              what the server answers there without a key, headers and body, does
//	metrics TEXT                   the server's metrics have the text
type check func(ts *testscript.TestScript, args []string) error

func checks() map[string]check {
	return map[string]check{
		"answer":             checkAnswer,
		"get":                checkGet,
		"said":               checkSaid,
		"holds":              checkHolds,
		"received":           checkReceived,
		"received-types":     checkReceivedTypes,
		"received-events":    checkReceivedEvents,
		"received-in-order":  checkReceivedInOrder,
		"received-body":      checkReceivedBody,
		"received-header":    checkReceivedHeader,
		"received-v1a":       checkReceivedV1a,
		"received-as-logged": checkReceivedAsLogged,
		"verified":           checkVerified,
		"tailed":             checkTailed,
		"replayed":           checkReplayed,
		"oneline":            checkOneLine,
		"page":               checkPage,
		"metrics":            checkMetrics,
	}
}

// once makes a command of a check.
func once(c check) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		err := c(ts, args)
		if neg && err == nil {
			ts.Fatalf("it is so, and should not be")
		}
		if !neg && err != nil {
			ts.Fatalf("%v", err)
		}
	}
}

// The time that a check may take to come true, and the pause between looks.
const (
	checkLimit = 30 * time.Second
	checkPause = 50 * time.Millisecond
)

// eventually looks until a check is right.
func eventually(ts *testscript.TestScript, neg bool, args []string) {
	c, known := checks()[args[0]]
	if !known || neg {
		ts.Fatalf("there is no check %q that can be waited for", args[0])
	}
	deadline := time.After(checkLimit)
	look := time.NewTicker(checkPause)
	defer look.Stop()
	for {
		err := c(ts, args[1:])
		if err == nil {
			return
		}
		select {
		case <-look.C:
		case <-deadline:
			ts.Fatalf("after %v: %v", checkLimit, err)
		}
	}
}

func checkAnswer(ts *testscript.TestScript, args []string) error {
	return match([]byte(ts.ReadFile(answerFile)), args[0], args[1])
}

func checkGet(ts *testscript.TestScript, args []string) error {
	answer, err := ask(ts.Getenv("PARLEY_URL"), ts.Getenv("PARLEY_API_KEY"), http.MethodGet, args[0], "", nil)
	if err != nil {
		return err
	}
	ts.Check(os.WriteFile(ts.MkAbs(answerFile), answer.body, 0o600))
	if answer.status != http.StatusOK {
		return fmt.Errorf("GET %s answered %d\n%s", args[0], answer.status, answer.body)
	}
	if len(args) == 1 {
		return nil
	}
	return match(answer.body, args[1], args[2])
}

// match checks that a value of a JSON text matches a pattern as a whole.
func match(text []byte, path, pattern string) error {
	value, err := lookUp(text, path)
	if err != nil {
		return err
	}
	return matchText(path, value, pattern)
}

// matchText checks that a text matches a pattern as a whole.
func matchText(name, text, pattern string) error {
	whole, err := regexp.Compile("^(?:" + pattern + ")$")
	if err != nil {
		return err
	}
	if !whole.MatchString(text) {
		return fmt.Errorf("%s is %q, want %q", name, text, pattern)
	}
	return nil
}

func checkSaid(ts *testscript.TestScript, args []string) error {
	s := of(ts)
	p := s.spawned[args[0]]
	if args[0] == "server" {
		p = s.server
	}
	if p == nil {
		return fmt.Errorf("no %s runs", args[0])
	}
	return checkLines(args[0], p.stdout.String()+p.stderr.String(), args[1])
}

func checkHolds(ts *testscript.TestScript, args []string) error {
	return checkLines(args[0], ts.ReadFile(args[0]), args[1])
}

// checkLines looks for a pattern in the lines of a text.
func checkLines(name, text, pattern string) error {
	wanted, err := regexp.Compile("(?m)" + pattern)
	if err != nil {
		return err
	}
	if !wanted.MatchString(text) {
		return fmt.Errorf("%s has not %q but\n%s", name, pattern, text)
	}
	return nil
}

func checkTailed(ts *testscript.TestScript, args []string) error {
	from, to, err := span(args[1:])
	if err != nil {
		return err
	}
	p := of(ts).spawned[args[0]]
	next := from
	for line := range strings.Lines(p.stdout.String()) {
		var e receivedEvent
		if json.Unmarshal([]byte(line), &e) != nil {
			break // not whole yet
		}
		if e.Sequence != next {
			return fmt.Errorf("%s shows %d where %d should come", args[0], e.Sequence, next)
		}
		next++
	}
	if next != to+1 {
		return fmt.Errorf("%s has come to %d, want %d\n%s", args[0], next-1, to, p.stderr)
	}
	return nil
}

func span(args []string) (from, to int64, err error) {
	from, err1 := strconv.ParseInt(args[0], 10, 64)
	to, err2 := strconv.ParseInt(args[1], 10, 64)
	return from, to, errors.Join(err1, err2)
}

func checkReplayed(ts *testscript.TestScript, _ []string) error {
	if ts.Getenv("REPLAYED") != "true" {
		return errors.New("the answer was a new one")
	}
	return nil
}

func checkOneLine(ts *testscript.TestScript, _ []string) error {
	text := ts.ReadFile("stderr")
	if !strings.HasPrefix(text, "parley: ") || strings.Count(text, "\n") != 1 {
		return fmt.Errorf("this is not one line from parley:\n%s", text)
	}
	return nil
}

func checkPage(ts *testscript.TestScript, args []string) error {
	answer, err := ask(ts.Getenv("PARLEY_URL"), "", http.MethodGet, args[0], "", nil)
	if err != nil {
		return err
	}
	page, err := answer.page()
	if err != nil {
		return err
	}
	pattern, err := regexp.Compile(args[1])
	if err != nil {
		return err
	}
	if answer.status != http.StatusOK || !pattern.Match(page) {
		return fmt.Errorf("GET %s answered %d without %q\n%s", args[0], answer.status, args[1], page)
	}
	return nil
}

func checkMetrics(ts *testscript.TestScript, args []string) error {
	answer, err := ask(ts.Getenv("PARLEY_URL"), "", http.MethodGet, "/metrics", "", nil)
	if err != nil {
		return err
	}
	if !bytes.Contains(answer.body, []byte(args[0])) {
		return fmt.Errorf("the metrics do not have %q\n%s", args[0], answer.body)
	}
	return nil
}
