package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"strings"

	"parley"
	"parley/internal/database"
	"parley/internal/store"
)

// A key is "parley_", 32 characters that hold 190 random bits, and 6 that hold
// their CRC-32, so that a scanner can tell a leaked key from other text. Only its
// SHA-256 is kept: with that many random bits a slow hash would add nothing.
const (
	keyPrefix   = "parley_"
	keyRandom   = 32
	keyChecksum = 6
	keyShown    = len(keyPrefix) + 4
	base62      = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)

func newKey() string {
	b := make([]byte, 0, keyRandom)
	for len(b) < keyRandom {
		var r [64]byte
		rand.Read(r[:])
		for _, c := range r {
			if c < 62*4 && len(b) < keyRandom { // no remainder: every character is as likely
				b = append(b, base62[c%62])
			}
		}
	}
	return keyPrefix + string(b) + checksum(string(b))
}

func checksum(random string) string {
	sum := crc32.ChecksumIEEE([]byte(random))
	var b [keyChecksum]byte
	for i := keyChecksum - 1; i >= 0; i-- {
		b[i] = base62[sum%62]
		sum /= 62
	}
	return string(b[:])
}

// WellFormed tells whether a text could be a key: its form and checksum are right.
func WellFormed(key string) bool {
	random, ok := strings.CutPrefix(key, keyPrefix)
	if !ok || len(random) != keyRandom+keyChecksum {
		return false
	}
	return checksum(random[:keyRandom]) == random[keyRandom:]
}

func hashKey(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:])
}

// CreateKey makes an API key with at most the scopes that its maker holds. The key
// itself is given here and never again.
func (a *Account) CreateKey(ctx context.Context, by parley.Caller, held []parley.Scope, k parley.APIKey) (string, parley.APIKey, error) {
	if err := checkScopes(held, k.Scopes); err != nil {
		return "", k, err
	}
	if k.ExpiresAt != nil && *k.ExpiresAt <= parley.Now() {
		return "", k, parley.InvalidField("body.expires_at", "must lie in the future")
	}
	key := newKey()
	var made parley.APIKey
	err := a.db.Write(ctx, by.Organization, func(ctx context.Context, tx *database.Tx) error {
		made = store.APIKeys.Clone(&k)
		made.Prefix = key[:keyShown]
		if err := keyOwner(ctx, tx, by, &made); err != nil {
			return err
		}
		at, err := a.log.Next(ctx, tx)
		if err != nil {
			return err
		}
		store.APIKeys.Stamp(&made, at.Sequence, at.At)
		store.APIKeys.Insert(ctx, tx, by.Organization, &made)
		_, err = tx.Exec(ctx, "update api_keys set hash = $3 where org_id = $1 and id = $2", string(by.Organization), string(made.ID), hashKey(key))
		if err != nil {
			return fmt.Errorf("store key: %w", err)
		}
		_, err = a.log.Append(ctx, tx, by, at, parley.APIKeyCreated.Draft(string(made.ID), "", parley.APIKeyEvent{APIKey: made}))
		return err
	})
	return key, made, err
}

func checkScopes(held, wanted []parley.Scope) error {
	var wrong []parley.FieldError
	for i, s := range wanted {
		at := fmt.Sprintf("body.scopes[%d]", i)
		switch {
		case !s.Valid():
			wrong = append(wrong, parley.FieldError{Location: at, Message: fmt.Sprintf(
				"must be *, *:read, or one of %s followed by :read or :write", strings.Join(parley.Resources(), ", "))})
		case !parley.Allowed(held, s):
			wrong = append(wrong, parley.FieldError{Location: at, Message: "goes beyond what you may do yourself"})
		}
	}
	if len(wrong) > 0 {
		return parley.InvalidFields(wrong...)
	}
	return nil
}

func keyOwner(ctx context.Context, tx *database.Tx, by parley.Caller, k *parley.APIKey) error {
	if k.Kind != "personal" {
		if k.UserID != nil {
			return parley.InvalidField("body.user_id", "goes with kind personal only")
		}
		return nil
	}
	if k.UserID == nil {
		if by.Actor.Type != parley.ActorUser {
			return parley.InvalidField("body.user_id", "must name the person: your own key belongs to none")
		}
		id := parley.UserID(by.Actor.ID)
		k.UserID = &id
	}
	if by.Actor.Type == parley.ActorUser && by.Actor.ID != string(*k.UserID) {
		return parley.InvalidField("body.user_id", "must be your own: a personal key speaks as that person")
	}
	_, err := store.Users.Get(ctx, tx, by.Organization, string(*k.UserID))
	if parley.KindOf(err) == parley.NotFound {
		return parley.InvalidField("body.user_id", "is not a user of this organization")
	}
	return err
}

// Key reads what is known of an API key.
func (a *Account) Key(ctx context.Context, org parley.OrganizationID, id parley.APIKeyID) (parley.APIKey, error) {
	return store.APIKeys.Get(ctx, a.db.Read(), org, string(id))
}

// Keys reads a page of API keys, revoked ones included.
func (a *Account) Keys(ctx context.Context, org parley.OrganizationID, p store.Page) ([]parley.APIKey, string, error) {
	return store.APIKeys.List(ctx, a.db.Read(), org, p, store.Filter{})
}

// RevokeKey makes a key unusable at once on this node, and within [keyTrust] on
// others. Revoking it again changes nothing.
func (a *Account) RevokeKey(ctx context.Context, by parley.Caller, id parley.APIKeyID) error {
	return a.db.Write(ctx, by.Organization, func(ctx context.Context, tx *database.Tx) error {
		k, err := store.APIKeys.Get(ctx, tx, by.Organization, string(id))
		if err != nil || k.RevokedAt != nil {
			return err
		}
		return a.revokeKey(ctx, tx, by, k)
	})
}

func (a *Account) revokeKey(ctx context.Context, tx *database.Tx, by parley.Caller, before parley.APIKey) error {
	at, err := a.log.Next(ctx, tx)
	if err != nil {
		return err
	}
	after := before
	after.RevokedAt = &at.At
	store.APIKeys.Touch(&after, at.Sequence, at.At)
	store.APIKeys.Update(ctx, tx, by.Organization, &before, &after)
	tx.AfterCommit(a.keys.forget)
	_, err = a.log.Append(ctx, tx, by, at, parley.APIKeyRevoked.Draft(string(after.ID), "",
		parley.APIKeyEvent{APIKey: after, Previous: parley.Previous{"revoked_at": nil}}))
	return err
}

// maxPersonalKeys bounds how many keys are revoked when their person leaves.
const maxPersonalKeys = 200

func (a *Account) revokeKeysOf(ctx context.Context, tx *database.Tx, by parley.Caller, user parley.UserID) error {
	f := store.Where("user_id = ? and revoked_at is null", string(user))
	keys, next, err := store.APIKeys.List(ctx, tx, by.Organization, store.Page{Limit: maxPersonalKeys}, f)
	if err != nil {
		return err
	}
	if next != "" {
		return parley.Errorf(parley.Conflict, "This user has over %d API keys: revoke some first.", maxPersonalKeys)
	}
	for _, k := range keys {
		if err := a.revokeKey(ctx, tx, by, k); err != nil {
			return err
		}
	}
	return nil
}
