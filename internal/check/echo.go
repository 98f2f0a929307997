package check

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"

	"parley"
)

// echo asks for the token back, as Parley does before it sends anything to an
// endpoint that asks for verification. The token is not shown.
func (e *exam) echo(ctx context.Context) finding {
	if e.token == "" {
		return notMade("Give the endpoint's token with --token-echo.")
	}
	body, err := json.Marshal(map[string]string{"token": e.token})
	if err != nil {
		panic("check: a text as JSON: " + err.Error()) // cannot fail
	}
	v := event{id: string(parley.NewEventID(0)), what: `a POST of {"token":"…"}, signed`, body: body}
	r := e.deliver(ctx, v)
	const mend = "Answer a signed request whose body is {\"token\":\"…\"} with 200 and the same token, as plain text or as {\"token\":\"…\"}."
	switch {
	case r.Failure != nil:
		return finding{Fail, v.what, answerOf(r), r.Failure.Message}
	case r.Status != http.StatusOK:
		return finding{Fail, v.what, statusOf(r), mend}
	case !holds(r.Body, e.token):
		return finding{Fail, v.what, statusOf(r) + " without the token", mend}
	}
	return finding{verdict: Pass, sent: v.what, received: statusOf(r) + " with the token"}
}

// holds tells whether an answer is the token, as text or as JSON.
func holds(answer []byte, token string) bool {
	answer = bytes.TrimSpace(answer)
	if string(answer) == token {
		return true
	}
	var object struct {
		Token string `json:"token"`
	}
	return json.Unmarshal(answer, &object) == nil && object.Token == token
}
