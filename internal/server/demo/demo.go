// Package demo plants the sample data of `parley dev`: a small bakery in the middle
// of its working day. It goes through the same verbs as everybody else, so every
// object has its events in the log and everything can be changed and deleted.
package demo

import (
	"context"
	"fmt"

	"parley"
	"parley/internal/account"
	"parley/internal/attachment"
	"parley/internal/contact"
	"parley/internal/conversation"
	"parley/internal/help"
	"parley/internal/noun"
	"parley/internal/sales"
	"parley/internal/work"
)

// Verbs are what the sample data is made with.
type Verbs struct {
	Account       *account.Account
	Contacts      *contact.Contacts
	Conversations *conversation.Conversations
	Attachments   *attachment.Attachments
	URL           string // where the server is, without a path: messages name files by it
	Help          *help.Help
	Sales         *sales.Sales
	Work          *work.Work
}

// Name is what the demo organization is called.
const Name = "Demo Bakery"

// The owner's colleagues, who log in with the owner's password.
const (
	AdminEmail = "sam@example.com"
	AgentEmail = "noor@example.com"
)

// Plant makes the demo organization with an owner who logs in with the email and
// password, a key with the scope *, and the sample data.
func Plant(ctx context.Context, v Verbs, email, password string) (account.Founded, error) {
	made, err := v.Account.Found(ctx, account.Founding{
		Name: Name, Owner: "Robin", Email: email, Password: password, Scopes: []parley.Scope{"*"},
	})
	if err != nil {
		return made, fmt.Errorf("found the demo organization: %w", err)
	}
	g := &gardener{Verbs: v, by: parley.Caller{
		Organization: made.Organization.ID,
		Actor:        parley.Actor{Type: parley.ActorUser, ID: string(made.Owner.ID)},
	}}
	if err := g.plant(ctx, made.Inbox.ID, made.Owner.ID, password); err != nil {
		return made, fmt.Errorf("plant the sample data: %w", err)
	}
	return made, nil
}

// gardener plants on behalf of the organization's owner.
type gardener struct {
	Verbs
	by parley.Caller
}

func (g *gardener) plant(ctx context.Context, counter parley.InboxID, owner parley.UserID, password string) error {
	baker, err := g.colleague(ctx, parley.User{Name: "Noor", Email: AgentEmail, Role: parley.Agent}, password)
	if err != nil {
		return err
	}
	if _, err := g.colleague(ctx, parley.User{Name: "Sam", Email: AdminEmail, Role: parley.Admin}, password); err != nil {
		return err
	}
	chat, err := g.Account.Inboxes.Create(ctx, g.by, parley.Inbox{Name: "Shop window chat", Channel: "widget"})
	if err != nil {
		return err
	}
	if err := g.defineFields(ctx); err != nil {
		return err
	}
	if err := g.rehearse(ctx); err != nil {
		return err
	}
	people, err := g.invite(ctx)
	if err != nil {
		return err
	}
	drawing, err := g.upload(ctx, "three-tiers.png", cake())
	if err != nil {
		return err
	}
	bell, err := g.upload(ctx, "ring-this-bell.wav", chime())
	if err != nil {
		return err
	}
	at := scene{counter: counter, chat: chat.ID, owner: owner, baker: baker.ID, people: people, drawing: drawing, bell: bell, told: map[string]parley.ConversationID{}}
	for _, s := range stories(at) {
		if at.told[s.subject], err = g.tell(ctx, s); err != nil {
			return fmt.Errorf("%s: %w", s.subject, err)
		}
	}
	if err := g.work(ctx, at); err != nil {
		return fmt.Errorf("work: %w", err)
	}
	if err := g.sell(ctx, at); err != nil {
		return fmt.Errorf("sales: %w", err)
	}
	if err := g.deal(ctx, at); err != nil {
		return fmt.Errorf("deals: %w", err)
	}
	if err := g.explain(ctx); err != nil {
		return fmt.Errorf("help: %w", err)
	}
	return nil
}

// as gives the gardener who acts on behalf of a colleague.
func (g *gardener) as(user parley.UserID) *gardener {
	by := g.by
	by.Actor.ID = string(user)
	return &gardener{g.Verbs, by}
}

// colleague makes a user who logs in with the owner's password. Who has a login already
// finds an invitation in the list of members, and decides for themselves.
func (g *gardener) colleague(ctx context.Context, u parley.User, password string) (parley.User, error) {
	made, secret, err := g.Account.Invite(ctx, g.by, u)
	if err != nil {
		return made, err
	}
	known, err := g.Account.HasLogin(ctx, u.Email)
	if err != nil || known {
		return made, err
	}
	_, err = g.Account.Accept(ctx, secret, account.Proof{Password: password})
	return made, err
}

func (g *gardener) defineFields(ctx context.Context) error {
	fields := []parley.CustomField{
		{Object: "contact", Key: "favourite", Name: "Favourite loaf", Type: "select", Options: []string{"rye", "sourdough", "spelt"}},
		{Object: "conversation", Key: "order_number", Name: "Order number", Type: "text"},
	}
	for _, f := range fields {
		if _, err := g.Account.CustomFields.Create(ctx, g.by, f); err != nil {
			return err
		}
	}
	labels := []parley.Label{
		{Name: "wholesale", Color: "#7c3aed", Description: "Cafés and shops that buy by the crate"},
		{Name: "urgent", Color: "#dc2626", Description: "Before the next delivery round"},
		{Name: "praise", Color: "#16a34a"},
	}
	for _, l := range labels {
		if _, err := g.Conversations.Labels.Create(ctx, g.by, l); err != nil {
			return err
		}
	}
	return nil
}

// rehearse makes the answers that agents give again and again.
func (g *gardener) rehearse(ctx context.Context) error {
	for _, r := range []parley.CannedResponse{
		{Shortcut: "hours", Name: "Opening hours", Text: "Hello {{contact.name}}, we are open from seven to six, and on Sundays until noon."},
		{Shortcut: "allergens", Name: "Allergens", Text: "All our bread is baked beside nuts and sesame. Which allergy should we look out for, {{contact.name}}?"},
		{Shortcut: "cake-lead", Name: "How long cakes take", Text: "A cake to order takes us three working days. When would you like to have it?"},
	} {
		if _, err := g.Conversations.CannedResponses.Create(ctx, g.by, r); err != nil {
			return err
		}
	}
	return nil
}

// invite makes the contacts, in the order in which the stories name them.
func (g *gardener) invite(ctx context.Context) ([]parley.ContactID, error) {
	var ids []parley.ContactID
	for _, c := range people() {
		made, err := g.Contacts.Create(ctx, g.by, c)
		if err != nil {
			return nil, err
		}
		ids = append(ids, made.ID)
	}
	return ids, nil
}

// tell makes a conversation as its story has it.
func (g *gardener) tell(ctx context.Context, s story) (parley.ConversationID, error) {
	conv, err := g.begin(ctx, s)
	if err != nil {
		return conv, err
	}
	return conv, g.settle(ctx, conv, s)
}

// begin makes the conversation with all that is in it.
func (g *gardener) begin(ctx context.Context, s story) (parley.ConversationID, error) {
	conv, err := g.Conversations.Create(ctx, g.by, parley.Conversation{
		InboxID: s.inbox, ContactID: s.contact, Subject: &s.subject, CustomFields: s.fields,
	}, nil)
	if err != nil {
		return conv.ID, err
	}
	for _, l := range s.lines {
		if _, err := g.Conversations.Write(ctx, g.by, conv.ID, parley.Message{Direction: l.direction, Content: l.content}); err != nil {
			return conv.ID, err
		}
	}
	for _, name := range s.labels {
		if _, err := g.Conversations.AddLabel(ctx, g.by, conv.ID, parley.Label{Name: name}); err != nil {
			return conv.ID, err
		}
	}
	for name, value := range s.variables {
		if _, err := g.Conversations.SetVariable(ctx, g.by, conv.ID, name, value); err != nil {
			return conv.ID, err
		}
	}
	if s.note != "" {
		if _, err := g.Conversations.Remark(ctx, g.by, conv.ID, parley.Note{Text: s.note}); err != nil {
			return conv.ID, err
		}
	}
	return conv.ID, nil
}

// settle gives the conversation its assignee and status.
func (g *gardener) settle(ctx context.Context, id parley.ConversationID, s story) error {
	_, err := g.Conversations.Update(ctx, g.by, id, noun.AnyVersion, func(c *parley.Conversation) error {
		if s.assignee != "" {
			c.AssigneeID = &s.assignee
		}
		if s.status != "" {
			c.Status, c.SnoozedUntil = s.status, s.until
		}
		return nil
	})
	return err
}
