package page

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"strings"

	"github.com/klauspost/compress/gzhttp"

	"parley"
	"parley/internal/dashboard/ui"
	"parley/internal/web"
)

// Handler serves the routes, and the files of the design system. Requests that change
// something must come from our own pages: others, as browsers tell them, are refused.
func (s *Site) Handler(routes []Route) http.Handler {
	mux := http.NewServeMux()
	for _, route := range routes {
		handler := s.serve(route)
		if !route.Stream {
			handler = gzhttp.GzipHandler(handler)
		}
		mux.Handle(route.Pattern, handler)
	}
	mux.Handle("GET "+ui.AssetsPath, s.assets)
	mux.Handle("/", gzhttp.GzipHandler(s.serve(Route{Open: true, Fresh: true, Handle: func(r *Request) error {
		return parley.Errorf(parley.NotFound, "There is nothing at %s.", r.URL.Path)
	}})))
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		web.WriteError(w, r, parley.Errorf(parley.Forbidden, "This request comes from another site, so nothing was changed. Go to Parley itself and try again."))
	}))
	return guard.Handler(s.Sessions.Handle(mux))
}

// serve makes the handler of a route.
func (s *Site) serve(route Route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		r := &Request{Writer: w, Site: s, nonce: rand.Text()}
		if zone, ok := zoneOf(req); ok {
			req = req.WithContext(ui.WithZone(req.Context(), zone))
		}
		r.Request = req
		h := w.Header()
		h.Set("Content-Security-Policy", policy(r.nonce))
		h.Set("Referrer-Policy", "same-origin")
		h.Set("X-Frame-Options", "DENY")
		if strings.HasPrefix(req.URL.Path, secretPaths) {
			web.Facts(req.Context()).Path = secretPaths + "…"
		}
		if fresh, err := s.Fresh(req.Context()); err != nil || fresh && !route.Fresh {
			r.failFresh(err)
			return
		}
		if err := r.admit(route); err != nil {
			r.fail(err)
			return
		}
		if err := route.Handle(r); err != nil {
			r.fail(err)
		}
	})
}

// secretPaths begin so: what follows the log must not tell.
const secretPaths = "/invitation/"

// failFresh leads to the set-up.
func (r *Request) failFresh(err error) {
	if err != nil {
		r.fail(err)
		return
	}
	_ = r.Redirect("/set-up") // it writes headers only
}

// admit finds out who makes the request, and refuses those who may not.
func (r *Request) admit(route Route) (err error) {
	if err := web.CheckTarget(r.URL); err != nil {
		return err
	}
	r.Visitor, r.SignedIn, err = r.Site.Sessions.Visitor(r.Context())
	if err != nil || route.Open && !r.SignedIn {
		return err
	}
	if !r.SignedIn {
		return parley.Errorf(parley.Unauthenticated, "Sign in first.")
	}
	facts := web.Facts(r.Context())
	facts.Org = r.Org()
	facts.User = r.User.ID
	facts.Pattern = route.Pattern
	if route.Scope != "" && !r.Allows(route.Scope) {
		return &parley.Error{
			Kind: parley.Forbidden, RequiredScope: string(route.Scope),
			Detail: "Your role, " + string(r.User.Role) + ", may not do this. Ask an admin of " + r.Organization.Name + ".",
		}
	}
	r.head, err = r.Site.Log.Head(r.Context(), r.Org())
	return err
}

// fail answers with an error: to somebody who is not signed in, with the way to do so.
func (r *Request) fail(err error) {
	facts := web.Facts(r.Context())
	facts.Err = err
	if parley.KindOf(err) == parley.Unauthenticated && !r.SignedIn {
		if r.Site.Sessions.Email(r.Context()) != "" { // but may enter no organization
			_ = r.Redirect("/organizations") // it writes headers only
			return
		}
		next := r.URL.RequestURI()
		if r.Method != http.MethodGet || r.Partial() {
			next = "/"
		}
		_ = r.Redirect("/sign-in?" + url.Values{"next": {next}}.Encode()) // it writes headers only
		return
	}
	if accept := r.Header.Get("Accept"); !r.Partial() && accept != "" && !strings.Contains(accept, "text/html") && !strings.Contains(accept, "*/*") {
		web.WriteError(r.Writer, r.Request, err)
		return
	}
	problem := web.ProblemOf(err, facts.ID)
	if r.Partial() {
		r.Writer.Header().Set("HX-Trigger", ascii(toastJSON(sentence(problem), true)))
		r.Writer.Header().Set("HX-Reswap", "none") // what is there stays
		status := problem.Status
		if status == http.StatusNotFound && r.Method == http.MethodGet {
			status = http.StatusNoContent // what is shown was deleted meanwhile: no fault of the page's
		}
		r.Writer.WriteHeader(status)
		return
	}
	show := Show{Title: problem.Title, Status: problem.Status}
	if r.SignedIn {
		err = r.Page(show, errorPage(problem))
	} else {
		err = r.Alone(problem.Title, problem.Status, errorPage(problem))
	}
	if err != nil {
		web.WriteError(r.Writer, r.Request, err)
	}
}

// sentence is what a problem says, with what is wrong with each field.
func sentence(p web.Problem) string {
	text := p.Detail
	for _, field := range p.Errors {
		_, name, _ := strings.Cut(field.Location, ".")
		text += " " + strings.ReplaceAll(name, "_", " ") + " " + field.Message + "."
	}
	return text
}
