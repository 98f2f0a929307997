package records

import (
	"parley"
	"parley/internal/dashboard/page"
	"parley/internal/dashboard/record"
)

func privacyRoutes(_ *record.Kind[parley.Contact]) []page.Route { return nil }

func privately(*page.Request, parley.Contact) []record.Action { return nil }
