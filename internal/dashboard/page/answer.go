package page

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"unicode/utf16"

	"github.com/a-h/templ"
)

// wrapped is a component that has another as its children.
func wrapped(outer, content templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return outer.Render(templ.WithChildren(ctx, content), w)
	})
}

// write answers with a component. It is written once it is whole: an error on the way
// is an error page, and not half a page.
func (r *Request) write(status int, content templ.Component) error {
	var body bytes.Buffer
	if err := content.Render(r.Context(), &body); err != nil {
		return fmt.Errorf("render %s: %w", r.URL.Path, err)
	}
	h := r.Writer.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	r.Writer.WriteHeader(max(status, http.StatusOK))
	if r.Method != http.MethodHead {
		_, _ = r.Writer.Write(body.Bytes()) // the client may have gone: nobody to tell
	}
	return nil
}

// policy is the content security policy of every page: what this server serves, and
// scripts and styles only where a page names them with its nonce.
func policy(nonce string) string {
	return "default-src 'none'; script-src 'nonce-" + nonce + "'; style-src 'nonce-" + nonce + "'; img-src 'self' data:; " +
		"media-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
}

// utf16Of are the units that JSON escapes a character by.
func utf16Of(c rune) []uint16 { return utf16.Encode([]rune{c}) }

func hex4(unit uint16) string { return fmt.Sprintf("%04x", unit) }
