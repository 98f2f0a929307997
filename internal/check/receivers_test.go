package check_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"parley/internal/outbound"
)

const secret = outbound.Secret("whsec_dGhpcnR5LXR3byBieXRlcyBvZiBhIHRlc3Qncw==")

// receiver is somebody's program; what is nil is done as it should be.
type receiver struct {
	limit  int64 // of a body
	verify func(body []byte, h http.Header) error
	refuse func(http.ResponseWriter)
	take   func(w http.ResponseWriter, r *http.Request, body []byte)
}

// ServeHTTP does what a good receiver does, but for what this one does wrong.
func (v receiver) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if v.limit == 0 {
		v.limit = 4 << 20
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, v.limit))
	if err != nil {
		http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
		return
	}
	if v.verify == nil {
		v.verify = library().Verify
	}
	if err := v.verify(body, r.Header); err != nil {
		if v.refuse != nil {
			v.refuse(w)
			return
		}
		http.Error(w, "bad signature", http.StatusUnauthorized)
		return
	}
	if v.take != nil {
		v.take(w, r, body)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// library is what a good receiver verifies with.
func library() *standardwebhooks.Webhook {
	wh, err := standardwebhooks.NewWebhook(string(secret))
	if err != nil {
		panic(err)
	}
	return wh
}

func never([]byte, http.Header) error { return nil }

// rewriting verifies what a JSON parser has made of the body.
func rewriting(write func([]byte) []byte) func([]byte, http.Header) error {
	return func(body []byte, h http.Header) error { return library().Verify(write(body), h) }
}

// anew writes JSON as JavaScript does: without spaces, in the order that was read,
// characters and numbers in their shortest spelling.
func anew(body []byte) []byte {
	var b bytes.Buffer
	if err := json.Compact(&b, body); err != nil {
		return nil
	}
	var out []byte
	for text := b.Bytes(); len(text) > 0; {
		n := 1
		switch c := text[0]; {
		case c == '"':
			for n = 1; text[n] != '"'; n++ {
				if text[n] == '\\' {
					n++
				}
			}
			n++
			out = append(out, spelt(text[:n])...)
		case c >= '0' && c <= '9':
			n = len(text) - len(bytes.TrimLeft(text, "0123456789.e"))
			f, _ := strconv.ParseFloat(string(text[:n]), 64)
			out = strconv.AppendFloat(out, f, 'f', -1, 64)
		default:
			out = append(out, c)
		}
		text = text[n:]
	}
	return out
}

func spelt(quoted []byte) []byte {
	var s string
	if json.Unmarshal(quoted, &s) != nil {
		return nil
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if encoder.Encode(s) != nil {
		return nil
	}
	return bytes.TrimSpace(b.Bytes())
}

func asMap(body []byte) []byte {
	var value map[string]any
	if json.Unmarshal(body, &value) != nil {
		return nil
	}
	out, _ := json.Marshal(value)
	return out
}

var errWrong = errors.New("wrong signature")

// own verifies by hand with a key and a text, as people do, with the mistakes that
// they make.
func own(key string, text func(id, timestamp, body string) string) func([]byte, http.Header) error {
	return func(body []byte, h http.Header) error {
		mac := hmac.New(sha256.New, []byte(key))
		mac.Write([]byte(text(h.Get("webhook-id"), h.Get("webhook-timestamp"), string(body))))
		if h.Get("webhook-signature") != "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)) {
			return errWrong
		}
		return nil
	}
}

func theKey() string {
	key, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(string(secret), "whsec_"))
	return string(key)
}

func joined(id, timestamp, body string) string { return id + "." + timestamp + "." + body }

// milliseconds verifies well but takes the timestamp for milliseconds.
func milliseconds(body []byte, h http.Header) error {
	unix, _ := strconv.ParseInt(h.Get("webhook-timestamp"), 10, 64)
	if time.Since(time.UnixMilli(unix)).Abs() > 5*time.Minute {
		return errors.New("too old")
	}
	return library().VerifyIgnoringTimestamp(body, h)
}

// oldOnly refuses old timestamps and takes those from the future.
func oldOnly(body []byte, h http.Header) error {
	unix, _ := strconv.ParseInt(h.Get("webhook-timestamp"), 10, 64)
	if time.Since(time.Unix(unix, 0)) > 5*time.Minute {
		return errors.New("too old")
	}
	return library().VerifyIgnoringTimestamp(body, h)
}

// firstOnly verifies the first signature and looks at no other.
func firstOnly(body []byte, h http.Header) error {
	h = h.Clone()
	first, _, _ := strings.Cut(h.Get("webhook-signature"), " ")
	h.Set("webhook-signature", first)
	return library().Verify(body, h)
}

// anyVersion takes each signature for one of v1.
func anyVersion(body []byte, h http.Header) error {
	h = h.Clone()
	h.Set("webhook-signature", strings.ReplaceAll(h.Get("webhook-signature"), "v9,", "v1,"))
	return library().Verify(body, h)
}

// ifSigned verifies only what has a signature.
func ifSigned(body []byte, h http.Header) error {
	if h.Get("webhook-signature") == "" {
		return nil
	}
	return library().Verify(body, h)
}

// anyBody verifies the signature of what it thinks that the body is.
func anyBody(body []byte, h http.Header) error {
	return library().Verify(bytes.Replace(body, []byte("99.00"), []byte("10.00"), 1), h)
}

func typeOf(body []byte) string {
	var event struct{ Type string }
	_ = json.Unmarshal(body, &event) // then it has none
	return event.Type
}

// only takes types that begin with one of the prefixes.
func only(status int, prefixes ...string) func(http.ResponseWriter, *http.Request, []byte) {
	return func(w http.ResponseWriter, _ *http.Request, body []byte) {
		for _, prefix := range prefixes {
			if strings.HasPrefix(typeOf(body), prefix) {
				w.WriteHeader(http.StatusNoContent)
				return
			}
		}
		http.Error(w, "unknown type", status)
	}
}

func but(status int, eventType string) func(http.ResponseWriter, *http.Request, []byte) {
	return func(w http.ResponseWriter, _ *http.Request, body []byte) {
		if typeOf(body) == eventType {
			w.WriteHeader(status)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	}
}

// strict refuses members that it does not know.
func strict(w http.ResponseWriter, _ *http.Request, body []byte) {
	var event struct {
		ID, Type, Timestamp string
		Sequence            int64
		APIVersion          string  `json:"api_version"`
		OrganizationID      string  `json:"organization_id"`
		InboxID             *string `json:"inbox_id"`
		Actor               any
		Cause, Data         any
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&event); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// once answers 409 to an event that it had before.
func once() func(http.ResponseWriter, *http.Request, []byte) {
	var had sync.Map
	return func(w http.ResponseWriter, r *http.Request, _ []byte) {
		if _, before := had.LoadOrStore(r.Header.Get("webhook-id"), true); before {
			w.WriteHeader(http.StatusConflict)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	}
}

// few turns away whoever is not among the first few at once.
func few(most int64) func(http.ResponseWriter, *http.Request, []byte) {
	var inside atomic.Int64
	return func(w http.ResponseWriter, _ *http.Request, _ []byte) {
		defer inside.Add(-1)
		if inside.Add(1) > most {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		<-time.After(10 * time.Millisecond) // all others are here by then: time is virtual
		w.WriteHeader(http.StatusNoContent)
	}
}

// oneByOne has everybody wait until the one before is done.
func oneByOne(takes time.Duration) func(http.ResponseWriter, *http.Request, []byte) {
	turns := sync.OnceValue(func() chan struct{} { return make(chan struct{}, 1) }) // in the bubble that it is used in
	return func(w http.ResponseWriter, r *http.Request, _ []byte) {
		turn := turns()
		select {
		case turn <- struct{}{}:
		case <-r.Context().Done():
			return
		}
		<-time.After(takes)
		<-turn
		w.WriteHeader(http.StatusNoContent)
	}
}

func page(size int) func(http.ResponseWriter, *http.Request, []byte) {
	return func(w http.ResponseWriter, _ *http.Request, _ []byte) {
		_, _ = io.WriteString(w, strings.Repeat("<p>Welcome!", size/11+1)[:size]) // whoever hangs up has seen enough
	}
}

func hangUp(w http.ResponseWriter, _ *http.Request, _ []byte) {
	w.Header().Set("Connection", "close")
	w.WriteHeader(http.StatusNoContent)
}

// echoing sends the token back as the format says.
func echoing(format func(token string) string) func(http.ResponseWriter, *http.Request, []byte) {
	return func(w http.ResponseWriter, _ *http.Request, body []byte) {
		var asked struct{ Token string }
		if err := json.Unmarshal(body, &asked); err != nil || asked.Token == "" {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		_, _ = io.WriteString(w, format(asked.Token)) // whoever hangs up has seen enough
	}
}

// The tests' own rewriting must be what it says.
func TestAnewWritesAsJavaScriptDoes(t *testing.T) {
	t.Parallel()
	const body = `{"b": "\u003cé\u00e9\/", "a":[10.00,1e3 ,true,null,-0.50]}`
	const want = `{"b":"<éé/","a":[10,1000,true,null,-0.5]}`
	if got := string(anew([]byte(body))); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
