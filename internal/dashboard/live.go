package dashboard

import (
	"context"
	"net/http"

	"parley"
	"parley/internal/dashboard/page"
	"parley/internal/dashboard/stream"
)

// liveRoutes are what pages follow the log by, and say who is typing.
func liveRoutes(s *page.Site) []page.Route {
	live := stream.New(stream.Parts{
		Log: s.Log, Hub: s.Hub, Stopped: s.Stopped,
		Visitor: func(ctx context.Context) (parley.OrganizationID, parley.User, bool, error) {
			if alive, err := s.Sessions.Alive(ctx); err != nil || !alive {
				return "", parley.User{}, false, err // revoked since the request began
			}
			v, ok, err := s.Sessions.Visitor(ctx)
			return v.Organization.ID, v.User, ok, err
		},
	})
	return []page.Route{
		{Pattern: "GET /live", Stream: true, Handle: served(live.Follow)},
		{Pattern: "POST /live/typing", Scope: "conversations:read", Handle: served(live.Type)},
	}
}

// served is a handler that writes its errors itself.
func served(handle http.HandlerFunc) func(*page.Request) error {
	return func(r *page.Request) error {
		handle(r.Writer, r.Request)
		return nil
	}
}
