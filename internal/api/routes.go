package api

import (
	"parley"
)

// routes is the whole API on one page. Each line declares the routes of one
// resource; the file of its name holds them.
func (a *API) routes() {
	a.organization()
	a.requests()
	a.apiKeys()

	resource[parley.User, parley.UserEvent, parley.UserID](a, "users", a.Account.Users)
	list[parley.User, everything](a, "users", "", a.Account.Users.List)

	resource[parley.Team, parley.TeamEvent, parley.TeamID](a, "teams", a.Account.Teams)
	list[parley.Team, teamList](a, "teams", "", a.Account.Teams.List)

	resource[parley.Inbox, parley.InboxEvent, parley.InboxID](a, "inboxes", a.Account.Inboxes)
	list[parley.Inbox, everything](a, "inboxes", "", a.Account.Inboxes.List)

	resource[parley.Label, parley.LabelEvent, parley.LabelID](a, "labels", a.Conversations.Labels)
	list[parley.Label, everything](a, "labels", "", a.Conversations.Labels.List)

	resource[parley.CannedResponse, parley.CannedResponseEvent, parley.CannedResponseID](a, "canned_responses", a.Conversations.CannedResponses)
	list[parley.CannedResponse, cannedResponseList](a, "canned_responses", "", a.Conversations.CannedResponses.List)

	resource[parley.CustomField, parley.CustomFieldEvent, parley.CustomFieldID](a, "custom_fields", a.Account.CustomFields)
	list[parley.CustomField, customFieldList](a, "custom_fields", "", a.Account.CustomFields.List)

	resource[parley.Contact, parley.ContactEvent, parley.ContactID](a, "contacts", a.Contacts.Noun)
	list[parley.Contact, contactList](a, "contacts", "Search by one of the parameters, or list all.", a.Contacts.List)
	a.contactVariables()
	a.contactMerges()
	a.contactPrivacy()

	a.conversations()
	list[parley.Conversation, conversationList](a, "conversations", "", a.Conversations.List)
	a.conversationParts()
	a.messages()
	a.notes()
	a.conversationLabels()
	a.conversationVariables()

	a.tasks()
	a.tickets()
	a.appointments()
	a.orders()
	a.payments()
	a.pipelines()
	a.deals()
	a.attachments()

	a.portals()
	a.categories()
	a.articles()

	a.events()
	a.eventRelations()
	a.eventStream()
	a.eventTypes()

	a.webhooks()
	a.webhookActions()
	a.webhookVerification()
	a.webhookPreviews()
	a.webhookDiagnoses()
	a.webhookRewinds()
	a.webhookStats()
	a.webhookRedeliveries()
	a.eventDeliveries()
	a.deliveries()
}
