package page

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/a-h/templ"

	"parley"
	"parley/internal/dashboard/session"
	"parley/internal/dashboard/ui"
	"parley/internal/web"
)

// Request is a request for a page, by somebody who may make it.
type Request struct {
	*http.Request
	session.Visitor // nobody's, if the route is open and nobody is signed in

	SignedIn bool
	Writer   http.ResponseWriter
	Site     *Site

	head  int64 // of the log, when the request came
	nonce string
	toast []ui.Toast
}

// Org is the organization that the request is about.
func (r *Request) Org() parley.OrganizationID { return r.Organization.ID }

// Zone is the time zone of the viewer, as their browser has said.
func (r *Request) Zone() *time.Location { return ui.Zone(r.Context()) }

// Query is a parameter of the address.
func (r *Request) Query(name string) string { return r.URL.Query().Get(name) }

// Partial tells whether htmx asks, for a part of a page.
func (r *Request) Partial() bool { return r.Header.Get("Hx-Request") == "true" }

// Base is where people reach this server, without a path.
func (r *Request) Base() string {
	if r.Site.PublicURL != "" {
		return r.Site.PublicURL
	}
	scheme := "http"
	if r.IsSecure() {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}

// IsSecure tells whether the browser came by https.
func (r *Request) IsSecure() bool {
	return r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https" || strings.HasPrefix(r.Site.PublicURL, "https://")
}

// Show is what a page is shown with.
type Show struct {
	Title        string
	Current      string // the address in the navigation that it belongs to
	Width        ui.Width
	Status       int                   // 200 if 0
	Conversation parley.ConversationID // that it shows
}

// Page answers with a whole page.
func (r *Request) Page(show Show, content templ.Component) error {
	memberships, err := r.Site.Account.Memberships(r.Context(), r.Email)
	if err != nil {
		return err
	}
	frame := ui.Frame{
		Document: r.document(show.Title), Person: r.User, Organization: r.Organization, Organizations: len(memberships),
		Nav: r.Site.Nav(r.Visitor), Current: show.Current, LiveAfter: r.head, Conversation: show.Conversation,
	}
	return r.write(show.Status, wrapped(ui.Page(frame, show.Width), content))
}

// Alone answers with a page that has no frame.
func (r *Request) Alone(title string, status int, content templ.Component) error {
	return r.write(status, wrapped(ui.Alone(r.document(title)), content))
}

// Part answers htmx with a part of a page.
func (r *Request) Part(content templ.Component) error { return r.write(http.StatusOK, content) }

// Refused answers htmx with a part that says why something was not done: a form with
// what was typed and what is wrong with it.
func (r *Request) Refused(content templ.Component) error {
	return r.write(http.StatusUnprocessableEntity, content)
}

// Toast tells something with the next answer, or with this one if it is a part.
func (r *Request) Toast(text string) {
	if !r.Partial() {
		r.Site.Sessions.Put(r.Context(), toastName, text)
		return
	}
	r.Writer.Header().Set("HX-Trigger", ascii(toastJSON(text, false)))
}

// toastJSON is the event that shows a toast.
func toastJSON(text string, bad bool) string {
	event, _ := json.Marshal(map[string]any{"toast": map[string]any{"text": text, "bad": bad}}) // cannot fail
	return string(event)
}

const toastName = "toast"

// Redirect sends the browser to another page of the dashboard.
func (r *Request) Redirect(to string) error {
	if r.Partial() {
		r.Writer.Header().Set("HX-Redirect", to)
		r.Writer.WriteHeader(http.StatusNoContent)
		return nil
	}
	http.Redirect(r.Writer, r.Request, to, http.StatusSeeOther)
	return nil
}

// Done is Redirect with a toast that says what was done.
func (r *Request) Done(to, text string) error {
	r.Site.Sessions.Put(r.Context(), toastName, text)
	return r.Redirect(to)
}

// ReadForm reads the posted form, of at most [web.MaxBody] bytes.
func (r *Request) ReadForm() error {
	r.Body = http.MaxBytesReader(r.Writer, r.Body, web.MaxBody)
	err := r.ParseForm()
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return parley.Errorf(parley.TooLarge, "The form has over %d bytes, which is the limit.", web.MaxBody)
	case err != nil:
		return parley.Errorf(parley.Malformed, "The form could not be read.").Because(err)
	}
	for name, values := range r.PostForm {
		for _, value := range values {
			if strings.ContainsRune(value, 0) {
				return parley.InvalidField("body."+name, "must be text without NUL characters")
			}
		}
	}
	return nil
}

// With is the address of the request with some parameters changed: name, value, …; ""
// leaves one out. The place in a list is left out too, as what is listed changes.
func (r *Request) With(pairs ...string) string {
	q := r.URL.Query()
	q.Del("cursor")
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Del(pairs[i])
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	return address(r.URL.Path, q)
}

func address(path string, q url.Values) string {
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

func (r *Request) document(title string) ui.Document {
	d := ui.Document{Title: title, Nonce: r.nonce, Assets: r.Site.assets, Toasts: r.toast}
	if c, err := r.Cookie("theme"); err == nil && (c.Value == "light" || c.Value == "dark") {
		d.Theme = c.Value
	}
	if zone, ok := zoneOf(r.Request); ok {
		d.Zone = zone.String()
	}
	if text := r.Site.Sessions.Pop(r.Context(), toastName); text != "" {
		d.Toasts = append(d.Toasts, ui.Toast{Text: text})
	}
	return d
}

// zoneOf is the time zone that a browser has told us by a cookie.
func zoneOf(r *http.Request) (*time.Location, bool) {
	c, err := r.Cookie("zone")
	if err != nil || len(c.Value) > 64 {
		return nil, false
	}
	name, err := url.QueryUnescape(c.Value)
	if err != nil || name == "" || name == "Local" {
		return nil, false
	}
	zone, err := time.LoadLocation(name)
	return zone, err == nil
}

// ascii writes JSON for a header, which takes nothing else.
func ascii(text string) string {
	var b strings.Builder
	for _, c := range text {
		if c < 128 {
			b.WriteRune(c)
			continue
		}
		for _, unit := range utf16Of(c) {
			b.WriteString(`\u`)
			b.WriteString(hex4(unit))
		}
	}
	return b.String()
}
