package check

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"parley/internal/outbound"
)

// signature sends an event as Parley would. If it is refused, the check looks for
// the reason: receivers that verify in a wrong way are told by what they accept.
func (e *exam) signature(ctx context.Context) finding {
	v := e.usualEvent()
	r := e.deliver(ctx, v)
	if r.Failure == nil && r.Status >= 400 && r.Status <= 499 {
		return found(Fail, v.what, r, e.reason(ctx, r.Status))
	}
	return accepted(v.what, r, "Answer every event that is verified with 2xx.")
}

// reason finds out why a receiver refuses a good signature, or guesses.
func (e *exam) reason(ctx context.Context, status int) string {
	switch status {
	case http.StatusTooManyRequests:
		return limited
	case http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusGone:
		return "Look at the path of the URL, and see that it takes POST."
	case http.StatusUnsupportedMediaType:
		return "Let it take POST with the content type application/json."
	}
	for _, m := range e.mistakes() {
		v := e.usualEvent()
		if header, ok := m.header(v); ok && e.send(ctx, v.body, header).OK() {
			return m.mend
		}
	}
	return "See that it has this secret, decodes the base64 after whsec_ to get the key, and verifies the body as it came, before any middleware parses it: JSON that is written anew has other bytes."
}

// mistake is a way to verify that is wrong: it accepts these headers.
type mistake struct {
	header func(event) (http.Header, bool)
	mend   string
}

const rewritten = "Verify the body as it came, before any middleware parses it: the receiver verifies JSON that it has written anew, which has other bytes."

// mistakes are the usual ones.
func (e *exam) mistakes() []mistake {
	text := string(e.secret)
	bare := strings.TrimPrefix(text, "whsec_")
	key, _ := base64.StdEncoding.DecodeString(bare) // the signer has read it already
	return []mistake{
		{e.signedAs(sorted), rewritten},
		{e.signedAs(spaced), rewritten},
		{e.inMilliseconds, "Compare webhook-timestamp with the time in seconds: the receiver takes it for milliseconds."},
		{signedWith([]byte(bare)), "Decode the base64 after whsec_ to get the key: the receiver uses the text as it stands."},
		{signedWith([]byte(text)), "Leave off whsec_ and decode the base64 after it to get the key: the receiver uses the text as it stands."},
		{signedText(key, func(_, _, body string) string { return body }), "Make the signature of webhook-id, webhook-timestamp and the body, joined by dots: the receiver makes it of the body alone."},
		{signedText(key, func(_, timestamp, body string) string { return timestamp + "." + body }), "Make the signature of webhook-id, webhook-timestamp and the body, joined by dots: the receiver leaves out webhook-id."},
	}
}

// signedAs signs the body as a receiver may have written it anew.
func (e *exam) signedAs(write func([]byte) []byte) func(event) (http.Header, bool) {
	return func(v event) (http.Header, bool) {
		v.body = write(v.body)
		return e.signed(v), true
	}
}

// sorted is JSON as Go writes a map, and others that sort: without spaces, by name.
func sorted(body []byte) []byte {
	var value any
	if json.Unmarshal(body, &value) != nil {
		return body
	}
	written, err := json.Marshal(value)
	if err != nil {
		return body
	}
	return written
}

// spaced is JSON as Python writes it: with a space after commas and colons.
func spaced(body []byte) []byte {
	var b bytes.Buffer
	quoted, escaped := false, false
	for _, c := range body {
		b.WriteByte(c)
		if c == '"' && !escaped {
			quoted = !quoted
		}
		escaped = c == '\\' && !escaped
		if !quoted && (c == ',' || c == ':') {
			b.WriteByte(' ')
		}
	}
	return b.Bytes()
}

func (e *exam) inMilliseconds(v event) (http.Header, bool) {
	return headers(e.signer, v, time.Now().UnixMilli()), true
}

// signedWith signs with a wrong key, if it can be one.
func signedWith(key []byte) func(event) (http.Header, bool) {
	return func(v event) (http.Header, bool) {
		signer, err := outbound.NewSigner(outbound.Secret("whsec_" + base64.StdEncoding.EncodeToString(key)))
		if err != nil {
			return nil, false
		}
		return headers(signer, v, time.Now().Unix()), true
	}
}

// signedText signs another text than the right one.
func signedText(key []byte, text func(id, timestamp, body string) string) func(event) (http.Header, bool) {
	return func(v event) (http.Header, bool) {
		timestamp := strconv.FormatInt(time.Now().Unix(), 10)
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(text(v.id, timestamp, string(v.body))))
		signature := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
		return http.Header{headerID: {v.id}, headerTimestamp: {timestamp}, headerSignature: {signature}}, true
	}
}
