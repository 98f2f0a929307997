package api

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"strconv"
	"sync"
	"time"

	"parley"
	"parley/internal/database"
)

// An idempotency key is remembered for a day, and has at most this many characters.
const (
	idempotencyAge    = 24 * time.Hour
	maxIdempotencyKey = 255
)

// idempotencyKey is what a key may look like: text that every database can keep.
var idempotencyKey = regexp.MustCompile(`^[ -~]{1,` + strconv.Itoa(maxIdempotencyKey) + `}$`)

func checkIdempotencyKey(key string) error {
	if !idempotencyKey.MatchString(key) {
		return parley.InvalidField("header.Idempotency-Key", "must have at most %d characters, all of them printable ASCII", maxIdempotencyKey)
	}
	return nil
}

// flights knows the idempotency keys whose first request is still being served.
type flights struct {
	mu   sync.Mutex
	open map[string]bool
}

func (f *flights) enter(name string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.open[name] {
		return false
	}
	f.open[name] = true
	return true
}

func (f *flights) leave(name string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.open, name)
}

// once runs a request at most once for its idempotency key. The key, what the
// request changes and its answer are committed in one transaction: however the
// process ends, the request either happened and its answer is kept, or neither. A
// request that fails changes nothing and leaves no key behind.
//
// A request that is outward waits for somebody else, and is no part of a transaction:
// if the process ends at the wrong moment, it has happened and its answer is not kept.
func (a *API) once(ctx context.Context, c *call, outward bool, run func(context.Context) (answer, error)) (ans answer, err error) {
	org, key := c.Caller.Organization, string(c.KeyID)+" "+c.idempotencyKey
	if err := checkIdempotencyKey(c.idempotencyKey); err != nil {
		return ans, err
	}
	name := string(org) + " " + key
	if !a.flights.enter(name) {
		return ans, parley.Errorf(parley.Conflict, "A request with this Idempotency-Key is being served right now. Wait for its answer, or send this one again later.")
	}
	defer a.flights.leave(name)

	hash, seal := fingerprint(c), newSeal(c)
	if outward {
		kept, found, err := recall(ctx, a.DB.Read(), org, key, hash, seal)
		if err != nil || found {
			return kept, err
		}
		done, err := run(ctx)
		if err != nil {
			return ans, err
		}
		run = func(context.Context) (answer, error) { return done, nil }
	}
	err = a.DB.Write(ctx, org, func(ctx context.Context, tx *database.Tx) error {
		kept, found, err := recall(ctx, tx, org, key, hash, seal)
		if err != nil || found {
			ans = kept
			return err
		}
		if ans, err = run(ctx); err != nil {
			return err
		}
		return keep(ctx, tx, org, key, hash, seal, ans)
	})
	return ans, err
}

// fingerprint tells one request from another: by method, path and body.
func fingerprint(c *call) string {
	h := sha256.New()
	h.Write([]byte(c.target + "\n"))
	h.Write(c.body)
	return hex.EncodeToString(h.Sum(nil))
}

// newSeal encrypts kept answers, which may hold a secret that is shown once, with
// what only the caller has: the API key, of which the server keeps no more than a
// hash, and the idempotency key. Whoever reads the database cannot open them.
func newSeal(c *call) cipher.AEAD {
	key := sha256.Sum256([]byte("parley idempotency\n" + c.token + "\n" + c.idempotencyKey))
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic(err) // a key of 32 bytes is always good
	}
	seal, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err) // AES has the right block size
	}
	return seal
}

func recall(ctx context.Context, q database.Querier, org parley.OrganizationID, key, hash string, seal cipher.AEAD) (ans answer, found bool, err error) {
	var keptHash, header, body string
	err = q.QueryRow(ctx, `
		select hash, status, header, body from idempotency_keys
		where org_id = $1 and key = $2 and created_at > $3`,
		string(org), key, int64(parley.Now().Add(-idempotencyAge))).Scan(&keptHash, &ans.status, &header, &body)
	if errors.Is(err, sql.ErrNoRows) {
		return ans, false, nil
	}
	if err != nil {
		return ans, false, fmt.Errorf("read idempotency key: %w", err)
	}
	if keptHash != hash {
		return ans, false, parley.Errorf(parley.Conflict, "This Idempotency-Key was used for another request. Use a new key for every new request.")
	}
	if err := json.Unmarshal([]byte(header), &ans.header); err != nil {
		return ans, false, fmt.Errorf("read idempotency key: %w", err)
	}
	ans.header["Idempotency-Replayed"] = "true"
	sealed, err := base64.StdEncoding.DecodeString(body)
	if err == nil {
		ans.body, err = seal.Open(nil, nil, sealed, []byte(hash))
	}
	if err != nil {
		return ans, false, fmt.Errorf("open the answer kept for an idempotency key: %w", err)
	}
	return ans, true, nil
}

func keep(ctx context.Context, tx *database.Tx, org parley.OrganizationID, key, hash string, seal cipher.AEAD, ans answer) error {
	header, err := json.Marshal(ans.header)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		insert into idempotency_keys (org_id, key, hash, status, header, body, created_at)
		values ($1, $2, $3, $4, $5, $6, $7)
		on conflict (org_id, key) do update
		set hash = excluded.hash, status = excluded.status, header = excluded.header,
			body = excluded.body, created_at = excluded.created_at`,
		string(org), key, hash, ans.status, string(header),
		base64.StdEncoding.EncodeToString(seal.Seal(nil, nil, ans.body, []byte(hash))), int64(parley.Now()))
	if err != nil {
		return fmt.Errorf("keep idempotency key: %w", err)
	}
	return nil
}

// RunCleaning forgets idempotency keys that are a day old, until ctx ends.
func (a *API) RunCleaning(ctx context.Context, logger *slog.Logger) error {
	ticker := time.NewTicker(time.Hour)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return nil
		}
		err := a.DB.Record(ctx, func(ctx context.Context, tx *database.Tx) error {
			_, err := tx.Exec(ctx, "delete from idempotency_keys where created_at <= $1", int64(parley.Now().Add(-idempotencyAge)))
			return err
		})
		if err != nil && ctx.Err() == nil {
			logger.Warn("api.cleaning_failed", "error", err, "again_in", time.Hour)
		}
	}
}
