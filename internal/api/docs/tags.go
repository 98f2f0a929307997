package docs

import (
	"cmp"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// tag is a heading of the API with its operations.
type tag struct {
	Name       string
	Doc        string
	Operations []*huma.Operation
}

func (t *tag) url() string { return root + "/api/" + slug(t.Name) }

var usualTags = []*huma.Tag{
	{Name: "Contacts", Description: "A contact is a person on the other side: a visitor until identified. Two that turn out to be one person are merged."},
	{Name: "Conversations", Description: "A conversation is an exchange of messages with one contact in one inbox. It is open, pending, snoozed or resolved, and an agent may look after it."},
	{Name: "Messages", Description: "A message is one utterance of a conversation: outgoing to the contact, or incoming from them. Its content is a text, or one of many types that can be shown and answered."},
	{Name: "Attachments", Description: "An attachment is a file that was uploaded. Its type is found in its bytes, and it is downloaded by a link that expires; a browser saves it and never runs it."},
	{Name: "Notes", Description: "A note is a private remark on a conversation. Only agents see it."},
	{Name: "Labels", Description: "A label is a word that conversations are sorted by."},
	{Name: "Canned responses", Description: "A canned response is a text that agents send often, found by its shortcut. Placeholders in it are kept as they are."},
	{Name: "Custom fields", Description: "A custom field is a typed value that your organization keeps on its contacts, conversations and other objects. It is defined here; its values stand in `custom_fields` of the objects."},
	{Name: "Orders", Description: "An order is what a contact asked to be sold. It is requested, and then fulfilled or cancelled. Amounts are whole numbers of the currency's smallest unit: `1250` in `EUR` is 12.50 €."},
	{Name: "Tasks", Description: "A task is a piece of work that somebody is to do, perhaps by a time. It is open or completed, and may be about a contact or a conversation."},
	{Name: "Tickets", Description: "A ticket is a matter that is followed until it is settled, over as many conversations as that takes. It is open, pending or closed, and an agent may look after it."},
	{Name: "Appointments", Description: "An appointment is a time that a contact and an agent keep free for each other. It is booked, perhaps rescheduled, and may be cancelled. An agent has one at a time: a second is 409 and names the first."},
	{Name: "Payments", Description: "A payment is money that a contact is to pay. It is pending, and then paid or failed; what was paid may be refunded. Parley keeps the record and moves no money."},
	{Name: "Pipelines", Description: "A pipeline is the way that deals of one kind go, stage by stage."},
	{Name: "Deals", Description: "A deal is a sale that may come about. It is at a stage of a pipeline, and is open until it is won or lost."},
	{Name: "Portals", Description: "A portal is a help center: what visitors see of your articles, under an address and in locales of its own."},
	{Name: "Categories", Description: "A category is a heading under which a portal shows articles of one locale."},
	{Name: "Articles", Description: "An article answers a question before it is asked, in Markdown. It is a draft until it is published, and may be put into the archive."},
	{Name: "Inboxes", Description: "An inbox is an instance of a channel in which conversations take place: the chat widget, or your own program through the API."},
	{Name: "Events", Description: "The log of everything that happened in the organization, in order, and your own events in it."},
	{Name: "Webhooks", Description: "A webhook endpoint is a URL of yours that events are sent to, signed and in order."},
	{Name: "Deliveries", Description: "A delivery is what became of one event at one endpoint, with every attempt."},
	{Name: "Users", Description: "A user is an agent: a person with a login in the organization."},
	{Name: "Teams", Description: "A team is a group of users that conversations, tickets and tasks are given to."},
	{Name: "Organization", Description: "The organization that the API key belongs to. Everything else belongs to exactly one."},
	{Name: "API keys", Description: "An API key lets a program in. It is shown once, when it is made."},
}

// Tags are what the API's operations are sorted by, with what each is about, in the
// order in which they are shown.
func Tags() []*huma.Tag { return usualTags }

// tags are in the order of the document's list; tags that it lacks follow by name.
func (s *site) tags() (tags []*tag) {
	list := s.doc.Tags
	byName := map[string]*tag{}
	for _, op := range s.operations() {
		t := byName[op.Tags[0]]
		if t == nil {
			t = &tag{Name: op.Tags[0]}
			byName[t.Name] = t
			tags = append(tags, t)
		}
		t.Operations = append(t.Operations, op)
	}
	place := func(t *tag) int {
		i := slices.IndexFunc(list, func(known *huma.Tag) bool { return known.Name == t.Name })
		if i < 0 {
			return len(list)
		}
		t.Doc = list[i].Description
		return i
	}
	slices.SortStableFunc(tags, func(a, b *tag) int {
		return cmp.Or(cmp.Compare(place(a), place(b)), strings.Compare(a.Name, b.Name))
	})
	for _, t := range tags {
		slices.SortStableFunc(t.Operations, func(a, b *huma.Operation) int {
			return cmp.Compare(t.distance(a), t.distance(b))
		})
	}
	return tags
}

// distance puts the operations on a tag's own resource before others.
func (t *tag) distance(op *huma.Operation) int {
	for i, segment := range strings.Split(op.Path, "/") {
		if slug(segment) == slug(t.Name) {
			return i
		}
	}
	return len(op.Path)
}

// weight is low for what integrators work with most.
func weight(plural string) int {
	i := slices.IndexFunc(usualTags, func(t *huma.Tag) bool { return slug(t.Name) == slug(plural) })
	if i < 0 {
		return len(usualTags)
	}
	return i
}

// tagView is what the page of a tag shows.
type tagView struct {
	Operations []operation
	Objects    []objectView
}

func (s *site) tagPage(t *tag) *page {
	view := tagView{}
	p := &page{Group: groupAPI, Title: t.Name, URL: t.url(), Lead: s.paragraphs(t.Doc), content: "tag"}
	for _, op := range t.Operations {
		o := s.operation(op)
		view.Operations = append(view.Operations, o)
		p.Sections = append(p.Sections, section{
			ID: o.ID, Title: o.Summary, Method: o.Method, Hint: o.Method + " " + o.Path, Words: s.fieldNames(op),
		})
	}
	for _, ref := range s.toldOn(p) {
		o := s.objectView(ref)
		view.Objects = append(view.Objects, o)
		p.Sections = append(p.Sections, section{ID: o.ID, Title: o.Title, Hint: "Object", Words: strings.Join(o.Shape.names(), " ")})
		for _, c := range o.Choices {
			p.Sections = append(p.Sections, section{ID: c.ID, Title: c.Name, Hint: o.Title, Words: strings.Join(c.Shape.names(), " "), Minor: true})
		}
	}
	p.Data = view
	return p
}
