package e2e_test

import (
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"parley/internal/testing/receiver"
)

// requestOf is the receiver's request of a number, counted from 0.
func requestOf(ts *testscript.TestScript, number string) (q receiver.Request, err error) {
	n, err := strconv.Atoi(number)
	if err != nil {
		return q, err
	}
	requests := receiverOf(ts).Requests()
	if n >= len(requests) {
		return q, fmt.Errorf("the receiver has had %d requests", len(requests))
	}
	return requests[n], nil
}

func checkReceivedBody(ts *testscript.TestScript, args []string) error {
	q, err := requestOf(ts, args[0])
	if err != nil {
		return err
	}
	return match(q.Body, args[1], args[2])
}

func checkReceivedHeader(ts *testscript.TestScript, args []string) error {
	q, err := requestOf(ts, args[0])
	if err != nil {
		return err
	}
	return matchText(args[1], q.Header.Get(args[1]), args[2])
}

// checkReceivedV1a verifies as Standard Webhooks has it, without its library, which
// knows only v1.
func checkReceivedV1a(ts *testscript.TestScript, args []string) error {
	q, err := requestOf(ts, args[0])
	if err != nil {
		return err
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(args[1], "whpk_"))
	if err != nil {
		return fmt.Errorf("decode the public key %q: %w", args[1], err)
	}
	if len(key) != ed25519.PublicKeySize {
		return fmt.Errorf("%q holds %d bytes, which is no public key", args[1], len(key))
	}
	signed := q.ID + "." + q.Header.Get("webhook-timestamp") + "." + string(q.Body)
	for _, signature := range strings.Fields(q.Header.Get("webhook-signature")) {
		text, isV1a := strings.CutPrefix(signature, "v1a,")
		raw, err := base64.StdEncoding.DecodeString(text)
		if isV1a && err == nil && ed25519.Verify(key, []byte(signed), raw) {
			return nil
		}
	}
	return fmt.Errorf("none of the signatures %q verifies with %s", q.Header.Get("webhook-signature"), args[1])
}
