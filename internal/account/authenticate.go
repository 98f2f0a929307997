package account

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"

	"parley"
	"parley/internal/database"
	"parley/internal/store"
)

// keyTrust is how long a key that was looked up is believed without asking the
// database again.
const keyTrust = time.Second

// maxCachedKeys bounds the memory of keys that were looked up.
const maxCachedKeys = 10_000

// usedEvery is how exact last_used_at is.
const usedEvery = time.Minute

// Identity is who an API key speaks for and what it may do.
type Identity struct {
	KeyID  parley.APIKeyID
	Caller parley.Caller
	Scopes []parley.Scope
}

// Allows tells whether the identity may do what needs the scope.
func (id Identity) Allows(s parley.Scope) bool { return parley.Allowed(id.Scopes, s) }

type keyCache struct {
	mu        sync.Mutex
	byHash    map[string]cachedKey
	forgotten int // how often
}

type cachedKey struct {
	identity  Identity
	expiresAt *parley.Time
	asked     time.Time
}

// find gives what is cached, and what remember needs to know of this moment.
func (c *keyCache) find(hash string) (k cachedKey, ok bool, forgotten int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k, ok = c.byHash[hash]
	return k, ok, c.forgotten
}

// remember caches a key, unless the cache was told to forget since it was looked for:
// what was read before a key was revoked must not come back after.
func (c *keyCache) remember(hash string, k cachedKey, forgotten int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.forgotten != forgotten {
		return
	}
	if len(c.byHash) >= maxCachedKeys {
		clear(c.byHash)
	}
	c.byHash[hash] = k
}

func (c *keyCache) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.forgotten++
	clear(c.byHash)
}

// Authenticate tells who an API key speaks for. A key that is unknown, expired or
// revoked is an Unauthenticated error that does not say which.
func (a *Account) Authenticate(ctx context.Context, key string) (Identity, error) {
	if !WellFormed(key) {
		return Identity{}, unknownKey()
	}
	hash := hashKey(key)
	now := time.Now()
	cached, ok, forgotten := a.keys.find(hash)
	if !ok || now.Sub(cached.asked) > keyTrust {
		var err error
		cached, err = a.lookUp(ctx, hash)
		if errors.Is(err, sql.ErrNoRows) || parley.KindOf(err) == parley.NotFound {
			return Identity{}, unknownKey()
		}
		if err != nil {
			return Identity{}, fmt.Errorf("look up API key: %w", err)
		}
		a.keys.remember(hash, cached, forgotten)
	}
	if cached.expiresAt != nil && parley.At(now) >= *cached.expiresAt {
		whose := parley.Caller{Organization: cached.identity.Caller.Organization}
		return Identity{KeyID: cached.identity.KeyID, Caller: whose}, unknownKey()
	}
	return cached.identity, nil
}

func unknownKey() error {
	return parley.Errorf(parley.Unauthenticated, "The API key is not valid: it is unknown, has expired or was revoked. Send one as «Authorization: Bearer parley_…».")
}

// lookUp reads a key. One that is absent, or has gone while it was read, is a
// NotFound error or sql.ErrNoRows.
func (a *Account) lookUp(ctx context.Context, hash string) (cachedKey, error) {
	asked := time.Now()
	var org parley.OrganizationID
	var id parley.APIKeyID
	err := a.db.Read().QueryRow(ctx, "select org_id, id from api_keys where hash = $1 and revoked_at is null", hash).Scan(&org, &id)
	if err != nil {
		return cachedKey{}, err
	}
	k, err := a.Key(ctx, org, id)
	if err != nil {
		return cachedKey{}, err
	}
	if k.RevokedAt != nil {
		return cachedKey{}, sql.ErrNoRows
	}
	who := Identity{
		KeyID: id, Scopes: k.Scopes,
		Caller: parley.Caller{Organization: org, Actor: parley.Actor{Type: parley.ActorAPIKey, ID: string(id)}},
	}
	if k.UserID != nil {
		user, err := store.Users.Get(ctx, a.db.Read(), org, string(*k.UserID))
		if err != nil {
			return cachedKey{}, err
		}
		who.Caller.Actor = parley.Actor{Type: parley.ActorUser, ID: string(user.ID)}
		who.Scopes = both(k.Scopes, user.Role.Scopes())
	}
	a.touchKey(ctx, org, id, k.LastUsedAt, asked)
	return cachedKey{identity: who, expiresAt: k.ExpiresAt, asked: asked}, nil
}

// both gives the scopes that a and b allow alike.
func both(a, b []parley.Scope) (common []parley.Scope) {
	if parley.Allowed(b, "*") {
		return a
	}
	for _, s := range allScopes() {
		if parley.Allowed(a, s) && parley.Allowed(b, s) {
			common = append(common, s)
		}
	}
	return common
}

func allScopes() (all []parley.Scope) {
	for _, r := range parley.Resources() {
		all = append(all, parley.Scope(r+":read"), parley.Scope(r+":write"))
	}
	return all
}

// touchKey notes that a key was used. It waits for nothing and may fail unheard:
// a request must not depend on it.
func (a *Account) touchKey(ctx context.Context, org parley.OrganizationID, id parley.APIKeyID, last *parley.Time, now time.Time) {
	if last != nil && parley.At(now) < last.Add(usedEvery) {
		return
	}
	ctx = context.WithoutCancel(ctx)
	a.background.Go(func() {
		_ = a.db.Record(ctx, func(ctx context.Context, tx *database.Tx) error {
			_, err := tx.Exec(ctx, `
				update api_keys set last_used_at = $3
				where org_id = $1 and id = $2 and (last_used_at is null or last_used_at < $3)`,
				string(org), string(id), int64(parley.At(now)))
			return err
		})
	})
}

// Wait returns once nothing runs in the background any more; call it before the
// database is closed.
func (a *Account) Wait() { a.background.Wait() }
