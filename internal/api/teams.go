package api

import (
	"parley/internal/account"
	"parley/internal/store"
)

type teamList struct {
	ListParams
	MemberID string `query:"member_id" maxLength:"64" doc:"Only teams that this user is in"`
}

func (l teamList) filter() (f store.Filter) {
	if l.MemberID != "" {
		f = account.WithMember(l.MemberID)
	}
	return f
}
