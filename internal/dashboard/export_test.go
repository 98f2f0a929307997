package dashboard

import (
	"parley/internal/account"
	"parley/internal/contact"
	"parley/internal/conversation"
	"parley/internal/dashboard/page"
	"parley/internal/help"
	"parley/internal/sales"
	"parley/internal/work"
)

// Table is every route of the dashboard, to be walked through and not to be served.
func Table() []page.Route {
	conversations := conversation.New(nil, nil)
	return routes(&page.Site{Dev: true, Verbs: page.Verbs{
		Account: account.New(nil, nil), Conversations: conversations, Contacts: contact.New(nil, nil, conversations),
		Help: help.New(nil, nil), Sales: sales.New(nil, nil), Work: work.New(nil, nil),
	}})
}
