package contact

import (
	"context"

	"parley"
	"parley/internal/database"
	"parley/internal/noun"
	"parley/internal/store"
)

// maxMoved bounds how many objects a merge moves. They are moved in one transaction,
// which holds up the organization's other writes for about as many seconds as there
// are ten thousands of them.
const maxMoved = 10_000

// Merge makes a contact have all that another one has, in one transaction; the other
// one goes. What refers to it refers to the one that stays, and of its fields, custom
// fields and variables that one takes over what it lacks itself. A contact that is not
// there is a NotFound error, one that is too large to be moved at once a Conflict.
//
// Each object that is moved has an event of its own. Then the other contact's deletion
// is told of, which frees what is unique to it, and last of all the merge.
func (c *Contacts) Merge(ctx context.Context, by parley.Caller, id, other parley.ContactID) (parley.Contact, error) {
	var after parley.Contact
	if id == other {
		return after, parley.InvalidField("body.contact_id", "must name another contact than the one that it is merged into")
	}
	err := c.DB.Write(ctx, by.Organization, func(ctx context.Context, tx *database.Tx) error {
		before, err := store.Contacts.Get(ctx, tx, by.Organization, string(id))
		if err != nil {
			return err
		}
		gone, err := c.toMerge(ctx, tx, by.Organization, other)
		if err != nil {
			return err
		}
		if after, err = united(before, gone); err != nil {
			return err
		}
		for _, r := range c.referring() {
			if err := r.move(ctx, tx, by, gone, before); err != nil {
				return err
			}
		}
		if err := c.replaced(ctx, tx, by, gone, id); err != nil {
			return err
		}
		return c.merged(ctx, tx, by, &before, &after, gone)
	})
	return after, err
}

// toMerge reads the contact that is to go. Not so much may refer to it that moving that
// takes too long.
func (c *Contacts) toMerge(ctx context.Context, tx *database.Tx, org parley.OrganizationID, id parley.ContactID) (parley.Contact, error) {
	gone, err := store.Contacts.Get(ctx, tx, org, string(id))
	if parley.KindOf(err) == parley.NotFound {
		return gone, &parley.Error{
			Kind: parley.NotFound, Detail: "There is no contact \"" + string(id) + "\" to merge: it was deleted, or is merged already.",
			Fields: []parley.FieldError{{Location: "body.contact_id", Message: "names no contact of this organization"}},
		}
	}
	if err != nil {
		return gone, err
	}
	f, left := store.Where("contact_id = ?", string(id)), maxMoved
	for _, r := range c.referring() {
		n, err := r.count(ctx, tx, org, f, left+1)
		if err != nil {
			return gone, err
		}
		if left -= n; left < 0 {
			return gone, parley.Errorf(parley.Conflict, "Over %d objects belong to %s, which is more than one merge moves. Merge the other way round (POST /v1/contacts/%s/merge), or delete or move some of them first.", maxMoved, id, id)
		}
	}
	return gone, nil
}

// referring are the kinds of objects that refer to a contact: what they do in a merge.
// A test holds them against the columns of the database.
func (c *Contacts) referring() []referrer {
	return []referrer{
		{"conversations", store.Conversations.Count, c.conversations.MoveAllOf},
		moving("tasks", c.work.Tasks.Noun, func(t *parley.Task, id parley.ContactID) { t.ContactID = &id }),
		moving("tickets", c.work.Tickets.Noun, func(t *parley.Ticket, id parley.ContactID) { t.ContactID = &id }),
		moving("appointments", c.work.Appointments.Noun, func(a *parley.Appointment, id parley.ContactID) { a.ContactID = &id }),
		moving("orders", c.sales.Orders.Noun, func(o *parley.Order, id parley.ContactID) { o.ContactID = id }),
		moving("payments", c.sales.Payments.Noun, func(p *parley.Payment, id parley.ContactID) { p.ContactID = &id }),
		moving("deals", c.sales.Deals.Noun, func(d *parley.Deal, id parley.ContactID) { d.ContactID = &id }),
	}
}

// referrer is a kind of object that refers to a contact by its column contact_id.
type referrer struct {
	table string
	count func(ctx context.Context, q database.Querier, org parley.OrganizationID, f store.Filter, limit int) (int, error)
	move  func(ctx context.Context, tx *database.Tx, by parley.Caller, from, to parley.Contact) error
}

// moving is the referrer for the objects of a simple noun.
func moving[T, D any](table string, n *noun.Noun[T, D], refer func(*T, parley.ContactID)) referrer {
	return referrer{table, n.Table.Count, func(ctx context.Context, tx *database.Tx, by parley.Caller, from, to parley.Contact) error {
		return n.UpdateEach(ctx, tx, by, store.Where("contact_id = ?", string(from.ID)), func(obj *T) error {
			refer(obj, to.ID)
			return nil
		})
	}}
}

// united is a contact with what it lacks and another one has.
func united(mine, other parley.Contact) (parley.Contact, error) {
	both := store.Contacts.Clone(&mine)
	for _, field := range []struct{ mine, other **string }{
		{&both.Name, &other.Name},
		{&both.Email, &other.Email},
		{&both.Phone, &other.Phone},
		{&both.ExternalID, &other.ExternalID},
	} {
		if *field.mine == nil {
			*field.mine = *field.other
		}
	}
	for _, values := range []struct {
		name        string
		mine, other *parley.Values
	}{
		{"custom fields", &both.CustomFields, &other.CustomFields},
		{"variables", &both.Variables, &other.Variables},
	} {
		together, ok := store.Together(*values.mine, *values.other)
		if !ok {
			return both, parley.Errorf(parley.Conflict, "Together the contacts have more %s than one contact may have (%d, and 64 KiB): remove some of them first.", values.name, store.MaxFields)
		}
		*values.mine = together
	}
	return both, nil
}

// replaced removes the contact that goes, and tells so.
func (c *Contacts) replaced(ctx context.Context, tx *database.Tx, by parley.Caller, gone parley.Contact, into parley.ContactID) error {
	c.Table.Delete(ctx, tx, by.Organization, string(gone.ID))
	at, err := c.Log.Next(ctx, tx)
	if err != nil {
		return err
	}
	c.Table.Touch(&gone, at.Sequence, at.At)
	data := parley.ContactEvent{Contact: gone, MergedInto: &into}
	_, err = c.Log.Append(ctx, tx, by, at, parley.ContactDeleted.Draft(string(gone.ID), "", data))
	return err
}

// merged keeps the contact that stays, and tells what became of it.
func (c *Contacts) merged(ctx context.Context, tx *database.Tx, by parley.Caller, before, after *parley.Contact, gone parley.Contact) error {
	at, err := c.Log.Next(ctx, tx)
	if err != nil {
		return err
	}
	previous := c.Table.Changed(before, after)
	c.Table.Touch(after, at.Sequence, at.At)
	c.Table.Update(ctx, tx, by.Organization, before, after)
	data := parley.ContactMergedEvent{Contact: *after, Merged: gone, Previous: previous}
	_, err = c.Log.Append(ctx, tx, by, at, parley.ContactMerged.Draft(string(after.ID), "", data))
	return err
}
