package content

import "parley/internal/dashboard/page"

// Routes are the addresses of this area.
func Routes(s *page.Site) []page.Route {
	const composer = "/compose/{conversation}/{kind}"
	routes := []page.Route{
		{Pattern: "GET " + composer, Scope: "conversations:write", Handle: showComposer},
		{Pattern: "POST " + composer, Scope: "conversations:write", Handle: send}, // of kind upload: a file of any size, streamed
		{Pattern: "POST " + composer + "/preview", Scope: "conversations:write", Handle: preview},
	}
	if s.Dev {
		routes = append(routes, page.Route{Pattern: "GET /dev/content", Command: "Look at every type of message", Handle: show})
	}
	return routes
}
