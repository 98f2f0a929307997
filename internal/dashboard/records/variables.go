package records

import (
	"github.com/a-h/templ"

	"parley"
	"parley/internal/dashboard/page"
)

// variables are what flows and clients keep of a contact.
func variables(_ *page.Request, c parley.Contact) (templ.Component, error) {
	if len(c.Variables) == 0 {
		return nil, nil
	}
	return variableList(c.Variables), nil
}
