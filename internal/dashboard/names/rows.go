package names

import (
	"context"
	"slices"
	"strings"

	"parley"
	"parley/internal/contact"
	"parley/internal/database"
	"parley/internal/store"
)

// rows are the objects of a noun: where they are, and how each is called.
type rows[T any] struct {
	table   *store.Table[T]
	columns []string                              // that are searched
	contact func(T) *parley.ContactID             // whom an object is about: it is found by their name too; nil: nobody
	show    func(T, string) (name, beside string) // given what the contact is called
}

// named makes the kind of rows whose ids are I.
func named[I parley.ID, T any](noun string, scope parley.Scope, r rows[T]) kind {
	var id I
	return kind{noun: noun, prefix: id.Prefix(), scope: scope, byID: r.byID, search: r.search}
}

func (r rows[T]) byID(ctx context.Context, q database.Querier, org parley.OrganizationID, ids []string) ([]Found, error) {
	objs, _, err := r.table.List(ctx, q, org, store.Page{Limit: len(ids)}, in("id", ids))
	if err != nil {
		return nil, err
	}
	return r.shown(ctx, q, org, objs)
}

func (r rows[T]) search(ctx context.Context, q database.Querier, org parley.OrganizationID, w wanted) ([]Found, error) {
	var f store.Filter
	if w.text != "" {
		clauses, args := holding(r.columns, w.text)
		if r.contact != nil {
			theirs, err := w.contacts()
			if err != nil {
				return nil, err
			}
			if len(theirs) > 0 {
				clause, ids := oneOf("contact_id", theirs)
				clauses, args = append(clauses, clause), append(args, ids...)
			}
		}
		if len(clauses) == 0 {
			return nil, nil
		}
		f.Search("("+strings.Join(clauses, " or ")+")", args...)
	}
	objs, _, err := r.table.List(ctx, q, org, store.Page{Limit: w.most}, f)
	if err != nil {
		return nil, err
	}
	return r.shown(ctx, q, org, objs)
}

// shown are objects by their names.
func (r rows[T]) shown(ctx context.Context, q database.Querier, org parley.OrganizationID, objs []T) ([]Found, error) {
	whose, err := r.contacts(ctx, q, org, objs)
	if err != nil {
		return nil, err
	}
	found := make([]Found, 0, len(objs))
	for _, obj := range objs {
		who := ""
		if r.contact != nil {
			if id := r.contact(obj); id != nil {
				who = whose[string(*id)]
			}
		}
		name, beside := r.show(obj, who)
		found = append(found, Found{r.table.ID(&obj), name, beside})
	}
	return found, nil
}

func (r rows[T]) contacts(ctx context.Context, q database.Querier, org parley.OrganizationID, objs []T) (Names, error) {
	if r.contact == nil {
		return nil, nil
	}
	var ids []string
	for _, obj := range objs {
		if id := r.contact(obj); id != nil {
			ids = append(ids, string(*id))
		}
	}
	return contactNames(ctx, q, org, ids)
}

// holding are the clauses of which one is true if a column holds a text, whatever the
// case of its letters.
func holding(columns []string, text string) (clauses []string, args []any) {
	for _, column := range columns {
		clauses, args = append(clauses, "lower("+column+`) like lower(?) escape '\'`), append(args, "%"+database.Prefix(text))
	}
	return clauses, args
}

func contactsHolding(ctx context.Context, q database.Querier, org parley.OrganizationID, text string) (ids []string, err error) {
	var f store.Filter
	contact.Holding(&f, text)
	contacts, _, err := store.Contacts.List(ctx, q, org, store.Page{Limit: Most}, f)
	for _, c := range contacts {
		ids = append(ids, string(c.ID))
	}
	return ids, err
}

func in(column string, ids []string) store.Filter {
	clause, args := oneOf(column, ids)
	return store.Where(clause, args...)
}

// oneOf is the clause that a column is one of some ids, which are not none.
func oneOf(column string, ids []string) (clause string, args []any) {
	for _, id := range ids {
		args = append(args, id)
	}
	return column + " in (" + strings.Join(slices.Repeat([]string{"?"}, len(ids)), ", ") + ")", args
}
