package outbound

import (
	"fmt"
	"net/http"
	"net/textproto"
	"strconv"
	"strings"
	"time"
)

// collect gathers the header fields of a request, each name's from whoever has
// the last word on it: the target, the request, its content type, its signature.
func (x *exchange) collect(userAgent string, r *Request, now time.Time) error {
	if strings.ContainsFunc(x.method, notTokenCharacter) {
		return fmt.Errorf("%w: the method %q", errUnsendable, x.method)
	}
	x.fields = append(x.fields[:0], field{"User-Agent", userAgent})
	for i, f := range r.Target.fields {
		if i == 0 || r.Target.fields[i-1].name != f.name {
			x.omit(f.name)
		}
		x.fields = append(x.fields, f)
	}
	for name, values := range r.Header {
		if err := x.replace(textproto.CanonicalMIMEHeaderKey(name), values...); err != nil {
			return err
		}
	}
	if contentType := r.ContentType; contentType != "" || len(r.Body) > 0 {
		if contentType == "" {
			contentType = "application/json"
		}
		if err := x.replace("Content-Type", contentType); err != nil {
			return err
		}
	}
	if r.Signature != nil {
		return x.sign(r.Signature, r.Body, now)
	}
	return nil
}

func (x *exchange) sign(s *Signature, body []byte, now time.Time) error {
	unix := s.Timestamp
	if unix == 0 {
		unix = now.Unix()
	}
	if err := x.replace("Webhook-Id", s.ID); err != nil {
		return err
	}
	timestamp, signature := s.Signer.Sign(s.ID, unix, body)
	x.omit("Webhook-Timestamp")
	x.omit("Webhook-Signature")
	x.fields = append(x.fields, field{"Webhook-Timestamp", timestamp}, field{"Webhook-Signature", signature})
	return nil
}

// replace puts values in the place of what there was of a name. What would end
// the line and begin another is refused.
func (x *exchange) replace(name string, values ...string) error {
	if framing(name) {
		return nil
	}
	x.omit(name)
	for _, value := range values {
		if name == "" || strings.ContainsFunc(name, notTokenCharacter) || strings.ContainsFunc(value, controlCharacter) {
			return fmt.Errorf("%w: the header %q", errUnsendable, name)
		}
		x.fields = append(x.fields, field{name, textproto.TrimString(value)})
	}
	return nil
}

func (x *exchange) omit(name string) {
	kept := x.fields[:0]
	for _, f := range x.fields {
		if f.name != name {
			kept = append(kept, f)
		}
	}
	x.fields = kept
}

// framing are the header fields that say where a message or the connection ends:
// only the client itself knows.
func framing(canonical string) bool {
	switch canonical {
	case "Host", "Content-Length", "Transfer-Encoding", "Trailer", "Connection", "Keep-Alive", "Upgrade":
		return true
	}
	return false
}

// compose writes the head of an HTTP/1.1 request.
func (x *exchange) compose(r *Request) {
	u := r.Target.url
	b := append(x.out[:0], x.method...)
	b = append(b, ' ')
	if path := u.EscapedPath(); path != "" {
		b = append(b, path...)
	} else {
		b = append(b, '/')
	}
	if u.ForceQuery || u.RawQuery != "" {
		b = append(b, '?')
		b = append(b, u.RawQuery...)
	}
	b = append(b, " HTTP/1.1\r\nHost: "...)
	b = append(b, u.Host...)
	b = append(b, "\r\n"...)
	for _, f := range x.fields {
		if f.name == "User-Agent" && f.value == "" {
			continue
		}
		b = append(b, f.name...)
		b = append(b, ": "...)
		b = append(b, f.value...)
		b = append(b, "\r\n"...)
	}
	if len(r.Body) > 0 || usuallyHasBody(x.method) {
		b = append(b, "Content-Length: "...)
		b = strconv.AppendInt(b, int64(len(r.Body)), 10)
		b = append(b, "\r\n"...)
	}
	x.out = append(b, "\r\n"...)
}

// usuallyHasBody tells whether a request of this method says so if it has none.
func usuallyHasBody(method string) bool {
	switch method {
	case http.MethodPost, http.MethodPut, http.MethodPatch:
		return true
	}
	return false
}
