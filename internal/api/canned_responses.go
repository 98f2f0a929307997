package api

import "parley/internal/store"

type cannedResponseList struct {
	ListParams
	Shortcut string `query:"shortcut" maxLength:"40" doc:"Only the canned response with this shortcut"`
}

func (l cannedResponseList) filter() store.Filter {
	var f store.Filter
	if l.Shortcut != "" {
		f.And("shortcut = ?", l.Shortcut)
	}
	return f
}
