package e2e_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

func checkReceived(ts *testscript.TestScript, args []string) error {
	want, err := strconv.Atoi(args[0])
	if err != nil {
		return err
	}
	if got := len(receiverOf(ts).Requests()); got != want {
		return fmt.Errorf("the receiver has had %d requests, want %d", got, want)
	}
	return nil
}

// receivedEvent is what matters of an event that the receiver has had.
type receivedEvent struct {
	Type     string
	Sequence int64
}

func receivedEvents(ts *testscript.TestScript) (events []receivedEvent, err error) {
	for _, q := range receiverOf(ts).Requests() {
		var e receivedEvent
		if err := json.Unmarshal(q.Body, &e); err != nil {
			return nil, fmt.Errorf("the receiver has had what is no event: %w", err)
		}
		events = append(events, e)
	}
	return events, nil
}

func checkReceivedTypes(ts *testscript.TestScript, args []string) error {
	events, err := receivedEvents(ts)
	if err != nil {
		return err
	}
	var types []string
	for _, e := range events {
		types = append(types, e.Type)
	}
	if got, want := strings.Join(types, " "), strings.Join(args, " "); got != want {
		return fmt.Errorf("the receiver has had %q, want %q", got, want)
	}
	return nil
}

func checkReceivedEvents(ts *testscript.TestScript, args []string) error {
	want, err := strconv.Atoi(args[0])
	if err != nil {
		return err
	}
	different := map[string]bool{}
	for _, id := range receiverOf(ts).IDs() {
		different[id] = true
	}
	if len(different) != want {
		return fmt.Errorf("the receiver has had %d different events, want %d", len(different), want)
	}
	return nil
}

func checkReceivedInOrder(ts *testscript.TestScript, args []string) error {
	events, err := receivedEvents(ts)
	if err != nil {
		return err
	}
	seen, newest := map[int64]bool{}, int64(0)
	for _, e := range events {
		if e.Type != args[0] {
			continue
		}
		if !seen[e.Sequence] && e.Sequence < newest {
			return fmt.Errorf("the receiver has had %d before %d", newest, e.Sequence)
		}
		seen[e.Sequence], newest = true, max(newest, e.Sequence)
	}
	return nil
}

func checkReceivedAsLogged(ts *testscript.TestScript, _ []string) error {
	for _, q := range receiverOf(ts).Requests() {
		answer, err := ask(ts.Getenv("PARLEY_URL"), ts.Getenv("PARLEY_API_KEY"), http.MethodGet, "/v1/events/"+q.ID, "", nil)
		if err != nil {
			return err
		}
		if answer.status != http.StatusOK || !bytes.Equal(answer.body, q.Body) {
			return fmt.Errorf("the receiver has had\n%s\nand the log holds (%d)\n%s", q.Body, answer.status, answer.body)
		}
	}
	return nil
}

func checkVerified(ts *testscript.TestScript, _ []string) error {
	r := receiverOf(ts)
	if len(r.Requests()) == 0 {
		return errors.New("the receiver has had nothing")
	}
	if n := r.Refused(); n > 0 {
		return fmt.Errorf("%d signatures were wrong", n)
	}
	return nil
}
