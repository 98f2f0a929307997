package dashboard

import (
	"slices"

	"parley/internal/dashboard/articles"
	"parley/internal/dashboard/deals"
	"parley/internal/dashboard/design"
	"parley/internal/dashboard/entry"
	"parley/internal/dashboard/page"
	"parley/internal/dashboard/records"
	"parley/internal/dashboard/settings"
)

// routes are the areas of the dashboard. Each has its own table.
func routes(s *page.Site) []page.Route {
	all := slices.Concat(
		entry.Routes(s),
		liveRoutes(s),
		records.Routes(s),
		deals.Routes(s),
		articles.Routes(s),
		settings.Routes(s),
	)
	if s.Dev {
		all = append(all, design.Routes()...)
	}
	return append(all, palette(s, all))
}
