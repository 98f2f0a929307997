// Package dashboard is the door for people: a web app, rendered by the server, in which
// agents answer, admins configure, and integrators see why. Each area of it is a package
// below this one with a table of its routes; what all share is in package page, what
// they look like in package ui. It changes state through the same verbs as the API
// only, and its pages follow the log.
package dashboard

import (
	"net/http"

	"parley/internal/dashboard/page"
)

// New makes the door.
func New(s page.Site) http.Handler {
	site := page.New(s, navigation)
	return site.Handler(routes(site))
}
