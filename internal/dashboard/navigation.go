package dashboard

import (
	"parley/internal/dashboard/page"
	"parley/internal/dashboard/ui"
)

// navigation is the way through the dashboard, for those who may go there.
var navigation = []page.NavGroup{
	{Items: []page.NavItem{
		{Item: ui.Item{Text: "Inbox", URL: "/inbox", Icon: "inbox", Key: "g i"}, Scope: "conversations:read"},
		{Item: ui.Item{Text: "Contacts", URL: "/contacts", Icon: "contacts", Key: "g c"}, Scope: "contacts:read"},
	}},
	{Title: "Work", Items: []page.NavItem{
		{Item: ui.Item{Text: "Tickets", URL: "/tickets", Icon: "ticket", Key: "g t"}, Scope: "tickets:read"},
		{Item: ui.Item{Text: "Tasks", URL: "/tasks", Icon: "task", Key: "g a"}, Scope: "tasks:read"},
		{Item: ui.Item{Text: "Appointments", URL: "/appointments", Icon: "calendar"}, Scope: "appointments:read"},
		{Item: ui.Item{Text: "Orders", URL: "/orders", Icon: "order", Key: "g o"}, Scope: "orders:read"},
		{Item: ui.Item{Text: "Payments", URL: "/payments", Icon: "payment", Key: "g p"}, Scope: "payments:read"},
		{Item: ui.Item{Text: "Deals", URL: "/deals", Icon: "deal", Key: "g d"}, Scope: "deals:read"},
		{Item: ui.Item{Text: "Articles", URL: "/articles", Icon: "article", Key: "g h"}, Scope: "articles:read"},
	}},
	{Title: "Developers", Items: []page.NavItem{
		{Item: ui.Item{Text: "Overview", URL: "/developers", Icon: "overview", Key: "g v"}, Scope: "webhooks:read"},
		{Item: ui.Item{Text: "Webhooks", URL: "/developers/webhooks", Icon: "webhook", Key: "g w"}, Scope: "webhooks:read"},
		{Item: ui.Item{Text: "Events", URL: "/developers/events", Icon: "event", Key: "g e"}, Scope: "events:read"},
		{Item: ui.Item{Text: "API keys", URL: "/developers/keys", Icon: "key", Key: "g k"}},
		{Item: ui.Item{Text: "Event catalogue", URL: "/developers/catalogue", Icon: "catalogue"}},
		{Item: ui.Item{Text: "API reference", URL: "/developers/reference", Icon: "code", Key: "g r"}},
	}},
	{Items: []page.NavItem{
		{Item: ui.Item{Text: "Settings", URL: "/settings", Icon: "settings", Key: "g s"}},
	}},
}
