package dashboard

import "parley/internal/dashboard/page"

// Table is every route of the dashboard, to be walked through and not to be served.
func Table() []page.Route { return routes(&page.Site{Dev: true}) }
