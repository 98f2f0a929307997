package names

import (
	"cmp"

	"parley"
	"parley/internal/dashboard/form"
	"parley/internal/dashboard/ui"
	"parley/internal/store"
)

// nouns are the nouns whose objects have names: what each is called, and the columns
// that people know it by.
var nouns = []kind{
	named[parley.UserID]("user", "users:read", rows[parley.User]{
		table: store.Users, columns: []string{"name", "email"},
		show: func(u parley.User, _ string) (string, string) { return u.Name, u.Email },
	}),
	named[parley.TeamID]("team", "teams:read", rows[parley.Team]{
		table: store.Teams, columns: []string{"name"},
		show: func(t parley.Team, _ string) (string, string) { return t.Name, "" },
	}),
	named[parley.InboxID]("inbox", "inboxes:read", rows[parley.Inbox]{
		table: store.Inboxes, columns: []string{"name"},
		show: func(i parley.Inbox, _ string) (string, string) { return i.Name, "" },
	}),
	named[parley.LabelID]("label", "labels:read", rows[parley.Label]{
		table: store.Labels, columns: []string{"name"},
		show: func(l parley.Label, _ string) (string, string) { return l.Name, "" },
	}),
	named[parley.ContactID]("contact", "contacts:read", rows[parley.Contact]{
		table: store.Contacts, columns: []string{"name", "email", "phone", "external_id"},
		show: func(c parley.Contact, _ string) (string, string) {
			return ui.Name(c), unless(value(c.Email), ui.Name(c))
		},
	}),
	named[parley.ConversationID]("conversation", "conversations:read", rows[parley.Conversation]{
		table: store.Conversations, columns: []string{"subject"},
		contact: func(c parley.Conversation) *parley.ContactID { return &c.ContactID },
		show: func(c parley.Conversation, who string) (string, string) {
			if subject := value(c.Subject); subject != "" {
				return subject, who
			}
			return "Conversation with " + cmp.Or(who, "nobody any more"), ""
		},
	}),
	named[parley.TicketID]("ticket", "tickets:read", rows[parley.Ticket]{
		table: store.Tickets, columns: []string{"subject"},
		contact: func(t parley.Ticket) *parley.ContactID { return t.ContactID },
		show:    func(t parley.Ticket, who string) (string, string) { return t.Subject, who },
	}),
	named[parley.TaskID]("task", "tasks:read", rows[parley.Task]{
		table: store.Tasks, columns: []string{"title"},
		contact: func(t parley.Task) *parley.ContactID { return t.ContactID },
		show:    func(t parley.Task, who string) (string, string) { return t.Title, who },
	}),
	named[parley.AppointmentID]("appointment", "appointments:read", rows[parley.Appointment]{
		table: store.Appointments, columns: []string{"title"},
		contact: func(a parley.Appointment) *parley.ContactID { return a.ContactID },
		show:    func(a parley.Appointment, who string) (string, string) { return a.Title, who },
	}),
	named[parley.OrderID]("order", "orders:read", rows[parley.Order]{
		table:   store.Orders,
		contact: func(o parley.Order) *parley.ContactID { return &o.ContactID },
		show: func(o parley.Order, who string) (string, string) {
			return "Order of " + Money(o.Amount, o.Currency), who
		},
	}),
	named[parley.PaymentID]("payment", "payments:read", rows[parley.Payment]{
		table: store.Payments, columns: []string{"reference"},
		contact: func(p parley.Payment) *parley.ContactID { return p.ContactID },
		show: func(p parley.Payment, who string) (string, string) {
			return "Payment of " + Money(p.Amount, p.Currency), who
		},
	}),
	named[parley.DealID]("deal", "deals:read", rows[parley.Deal]{
		table: store.Deals, columns: []string{"title"},
		contact: func(d parley.Deal) *parley.ContactID { return d.ContactID },
		show:    func(d parley.Deal, who string) (string, string) { return d.Title, who },
	}),
	named[parley.PipelineID]("pipeline", "pipelines:read", rows[parley.Pipeline]{
		table: store.Pipelines, columns: []string{"name"},
		show: func(p parley.Pipeline, _ string) (string, string) { return p.Name, "" },
	}),
	{noun: "stage", prefix: parley.StageID("").Prefix(), scope: "pipelines:read", byID: stagesByID, search: searchStages},
	named[parley.PortalID]("portal", "portals:read", rows[parley.Portal]{
		table: store.Portals, columns: []string{"name", "slug"},
		show: func(p parley.Portal, _ string) (string, string) { return p.Name, "" },
	}),
	named[parley.CategoryID]("category", "categories:read", rows[parley.Category]{
		table: store.Categories, columns: []string{"name", "slug"},
		show: func(c parley.Category, _ string) (string, string) { return c.Name, c.Locale },
	}),
	named[parley.ArticleID]("article", "articles:read", rows[parley.Article]{
		table: store.Articles, columns: []string{"title", "slug"},
		show: func(a parley.Article, _ string) (string, string) { return a.Title, a.Locale },
	}),
	named[parley.APIKeyID]("api_key", "api_keys:read", rows[parley.APIKey]{
		table: store.APIKeys, columns: []string{"name", "prefix"},
		show: func(k parley.APIKey, _ string) (string, string) { return k.Name, k.Prefix + "…" },
	}),
	named[parley.WebhookID]("webhook", "webhooks:read", rows[parley.Webhook]{
		table: store.Webhooks, columns: []string{"url", "description"},
		show: func(w parley.Webhook, _ string) (string, string) {
			return cmp.Or(w.Description, w.URL), unless(w.URL, w.Description)
		},
	}),
}

// Money writes an amount in a currency's smallest unit as people do: "27.90 EUR".
func Money(amount int64, currency string) string {
	return form.Units(amount, currency) + " " + currency
}

func value(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// unless is a text, "" if it says the same as another.
func unless(text, same string) string {
	if text == same || same == "" {
		return ""
	}
	return text
}
