package account

import (
	"context"
	"strings"
	"unicode/utf8"

	"parley"
	"parley/internal/noun"
)

// Rename lets a user change how colleagues and contacts see them: their own name, which
// nobody needs a scope for, and nothing else.
func (a *Account) Rename(ctx context.Context, by parley.Caller, name string) (parley.User, error) {
	if by.Actor.Type != parley.ActorUser {
		return parley.User{}, parley.Errorf(parley.Forbidden, "Only users rename themselves.")
	}
	name = strings.TrimSpace(name)
	if name == "" || utf8.RuneCountInString(name) > 200 {
		return parley.User{}, parley.InvalidField("body.name", "must have 1 to 200 characters")
	}
	return a.Users.Update(ctx, by, by.Actor.ID, noun.AnyVersion, func(u *parley.User) error {
		u.Name = name
		return nil
	})
}
