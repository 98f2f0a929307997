package webhook

import (
	"bytes"
	"context"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"

	"parley"
	"parley/internal/endpoint"
	"parley/internal/outbound"
)

// ask sends an endpoint its token and notes that it is verified if the answer is
// right. If not, the error is a Conflict that says what came back.
func (c Config) ask(ctx context.Context, sub endpoint.Subscription) error {
	way, err := c.approach(sub, auth{})
	if err != nil {
		return err
	}
	if way.target == nil {
		return unverified("Its URL is not allowed any more: change it, or have the operator allow it.")
	}
	token := sub.Webhook.Verification.Token
	body, err := json.Marshal(struct {
		Token string `json:"token"`
	}{token})
	if err != nil {
		return fmt.Errorf("encode the token of %s: %w", sub.Webhook.ID, err)
	}
	result := way.auth.send(ctx, c.Client, &outbound.Request{
		Target: way.target, Body: body, Timeout: way.timeout,
		Signature: &outbound.Signature{ID: parley.MakeID("vrf"), Signer: way.signer},
	})
	if fault := misanswered(result, token); fault != "" {
		return unverified(fault)
	}
	return c.Endpoints.Verified(ctx, sub)
}

func unverified(reason string) error {
	return parley.Errorf(parley.Conflict, "The endpoint is not verified. %s", reason)
}

// misanswered tells what is wrong with the answer to a token; "" is nothing. Of the
// answer's body no more is told than how much there was: it may be anybody's.
func misanswered(res outbound.Result, token string) string {
	switch {
	case res.Failure != nil:
		return res.Failure.Message
	case res.Status != http.StatusOK:
		return fmt.Sprintf("It answered %s, and must answer 200 OK with the token.", statusText(res.Status))
	case echoes(res.Body, token):
		return ""
	case len(res.Body) == 0:
		return `It answered 200 OK without a body: the body must be the token, or {"token":"…"}.`
	}
	return fmt.Sprintf(`It answered 200 OK with something else than the token (%s): the body must be the token alone, or {"token":"…"}.`, sizeOf(res))
}

// echoes tells whether an answer is the token, without telling by the time it takes
// how much of it was right.
func echoes(body []byte, token string) bool {
	var object struct{ Token *string }
	said := bytes.TrimSpace(body)
	if json.Unmarshal(body, &object) == nil && object.Token != nil {
		said = []byte(*object.Token)
	}
	return subtle.ConstantTimeCompare(said, []byte(token)) == 1
}

func sizeOf(res outbound.Result) string {
	kind, _, err := mime.ParseMediaType(res.Header.Get("Content-Type"))
	if err != nil || len(kind) > 100 {
		return fmt.Sprintf("%d bytes", len(res.Body))
	}
	return fmt.Sprintf("%d bytes of %s", len(res.Body), kind)
}
