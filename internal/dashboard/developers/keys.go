package developers

import (
	"slices"
	"strconv"
	"strings"

	"parley"
	"parley/internal/dashboard/names"
	"parley/internal/dashboard/page"
	"parley/internal/dashboard/ui"
	"parley/internal/database"
	"parley/internal/store"
)

const keysOnPage = 50

// keyList is what the page of keys shows.
type keyList struct {
	Status      string
	Query       string
	Keys        []parley.APIKey
	Names       names.Names
	All         bool // everybody's, and the organization's
	First, Next string
	Now         parley.Time
}

// keyStatuses are what the list is filtered by; "" are those that work.
var keyStatuses = []struct{ Value, Text string }{{"", "Active"}, {"expired", "Expired"}, {"revoked", "Revoked"}, {"all", "All"}}

func showKeys(r *page.Request) error {
	l := keyList{Status: r.Query("status"), Query: strings.TrimSpace(r.Query("q")), All: r.Allows(readKeys), Now: parley.Now()}
	cursor := r.Query("cursor")
	if at, err := strconv.ParseInt(r.Query("at"), 10, 64); err == nil && cursor != "" {
		l.Now = parley.Time(at) // when the list was begun
		l.First = r.With("at", "")
	}
	found, next, err := store.APIKeys.List(r.Context(), r.Site.DB.Read(), r.Org(), store.Page{Limit: keysOnPage, Cursor: cursor}, l.filter(r))
	if err != nil {
		return err
	}
	l.Keys = found
	if next != "" {
		l.Next = r.With("cursor", next, "at", strconv.FormatInt(int64(l.Now), 10))
	}
	var users []string
	for _, k := range found {
		if k.UserID != nil {
			users = append(users, string(*k.UserID))
		}
	}
	if l.Names, err = r.Names(r.Context(), users...); err != nil {
		return err
	}
	return r.Page(page.Show{Title: "API keys", Current: keys}, keysPage(l))
}

func (l keyList) filter(r *page.Request) (f store.Filter) {
	switch l.Status {
	case "revoked":
		f.And("revoked_at is not null")
	case "expired":
		f.And("revoked_at is null")
		f.And("expires_at <= ?", int64(l.Now))
	case "all":
	default:
		f.And("revoked_at is null")
		f.And("(expires_at is null or expires_at > ?)", int64(l.Now))
	}
	lower := r.Site.DB.Engine().Lower
	for word := range strings.FieldsSeq(l.Query) {
		part := "%" + database.Prefix(word)
		f.And("("+lower("name")+" like "+lower("?")+` escape '\' or prefix like ? escape '\' or id = ?)`, part, part, word)
	}
	if !l.All {
		f.And("user_id = ?", string(r.User.ID))
	}
	return f
}

// status is how a key stands.
func (l keyList) status(k parley.APIKey) (ui.Tone, string) {
	switch {
	case k.RevokedAt != nil:
		return ui.Bad, "revoked"
	case k.ExpiresAt != nil && *k.ExpiresAt <= l.Now:
		return ui.Warn, "expired"
	}
	return ui.Good, "active"
}

func (l keyList) whose(k parley.APIKey) string {
	if k.UserID == nil {
		return "Organization"
	}
	if name := l.Names[string(*k.UserID)]; name != "" {
		return name
	}
	return "Somebody who left"
}

// inShort says what scopes allow in a few words.
func inShort(scopes []parley.Scope) string {
	const shown = 2
	switch {
	case slices.Contains(scopes, "*"):
		return "Everything"
	case len(scopes) == 1 && scopes[0] == "*:read":
		return "Read everything"
	case len(scopes) <= shown:
		return joined(scopes)
	}
	return joined(scopes[:shown]) + " and " + strconv.Itoa(len(scopes)-shown) + " more"
}

func joined(scopes []parley.Scope) string {
	texts := make([]string, len(scopes))
	for i, s := range scopes {
		texts[i] = string(s)
	}
	return strings.Join(texts, ", ")
}

func revokeKey(r *page.Request) error {
	id, ok := parley.ParseID[parley.APIKeyID](r.PathValue("id"))
	if !ok {
		return parley.Missing("API key", r.PathValue("id"))
	}
	revoke := r.Site.Account.RevokeOwnKey
	if r.Allows(writeKeys) {
		revoke = r.Site.Account.RevokeKey
	}
	if err := revoke(r.Context(), r.Caller(), id); err != nil {
		return err
	}
	return r.Done(keys, "The key was revoked. It does not work any more.")
}
