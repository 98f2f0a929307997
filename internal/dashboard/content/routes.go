package content

import "parley/internal/dashboard/page"

// Routes are the addresses of this area.
func Routes(s *page.Site) []page.Route {
	var routes []page.Route
	if s.Dev {
		routes = append(routes, page.Route{Pattern: "GET /dev/content", Command: "Look at every type of message", Handle: show})
	}
	return routes
}
