package dashboard

import (
	"slices"

	"parley/internal/dashboard/articles"
	"parley/internal/dashboard/content"
	"parley/internal/dashboard/deals"
	"parley/internal/dashboard/design"
	"parley/internal/dashboard/developers"
	"parley/internal/dashboard/entry"
	"parley/internal/dashboard/inbox"
	"parley/internal/dashboard/page"
	"parley/internal/dashboard/records"
	"parley/internal/dashboard/settings"
	"parley/internal/dashboard/webhooks"
)

// routes are the areas of the dashboard. Each has its own table.
func routes(s *page.Site) []page.Route {
	all := slices.Concat(
		developers.Routes(s),
		entry.Routes(s),
		liveRoutes(s),
		inbox.Routes(s),
		content.Routes(s),
		records.Routes(s),
		settings.Routes(s),
		webhooks.Routes(s),
		deals.Routes(s),
		articles.Routes(s),
	)
	if s.Dev {
		all = append(all, design.Routes()...)
	}
	return append(all, palette(s, all))
}
