package endpoint

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"parley"
	"parley/internal/database"
	"parley/internal/outbound"
)

// keyring is what an endpoint has that only the engine sees, sealed in one piece.
type keyring struct {
	Signing  []signingKey `json:"signing"`            // the newest first
	Verified string       `json:"verified,omitempty"` // the identity that has answered its token; see identity
}

// signingKey is what requests are signed with, and until when they are signed with
// it too.
type signingKey struct {
	Secret    outbound.Secret     `json:"secret"`
	Private   outbound.PrivateKey `json:"private,omitempty"` // once the endpoint has asked for one
	ExpiresAt *parley.Time        `json:"expires_at"`
}

func (k signingKey) valid(now parley.Time) bool { return k.ExpiresAt == nil || *k.ExpiresAt > now }

// private tells whether an endpoint's requests are signed with a private key.
func private(w parley.Webhook) bool { return w.Signing == "v1a" || w.Signing == "both" }

// maxKeys is how many secrets requests are signed with at once.
const maxKeys = 5

// replace puts a new secret in the place of the newest. Those that are good still
// stay good until overlap has passed at most.
func (k *keyring) replace(secret outbound.Secret, now parley.Time, overlap time.Duration) {
	until := now.Add(overlap)
	k.Signing = slices.DeleteFunc(k.Signing, func(s signingKey) bool { return overlap <= 0 || !s.valid(now) })
	for i, s := range k.Signing {
		if s.ExpiresAt == nil || *s.ExpiresAt > until {
			k.Signing[i].ExpiresAt = &until
		}
	}
	k.Signing = append([]signingKey{{Secret: secret}}, k.Signing...)
	k.Signing = k.Signing[:min(len(k.Signing), maxKeys)]
}

// pair sees to it that the keyring has a private key if the endpoint asks for one,
// and that the endpoint shows its public key.
func (k *keyring) pair(w *parley.Webhook) error {
	w.PublicKey = nil
	if !private(*w) {
		return nil
	}
	newest := &k.Signing[0]
	if newest.Private == "" {
		newest.Private = outbound.NewPrivateKey()
	}
	public, err := newest.Private.Public()
	w.PublicKey = &public
	return err
}

// keepSecrets completes a change of an endpoint, which was as before says, with what
// follows for its secrets: those that were sent back as they were shown are kept, a
// private key is made when the endpoint asks for its first, and one that is not what
// has answered its token is unverified.
func (e *Endpoints) keepSecrets(ctx context.Context, tx *database.Tx, org parley.OrganizationID, before parley.Webhook, w *parley.Webhook) error {
	e.keepAuth(org, before, w)
	e.keep(tokenPlace(org), before.Verification.Token, &w.Verification.Token)
	keys, err := e.loadKeyring(ctx, tx, org, w.ID)
	if err != nil {
		return err
	}
	newest := keys.Signing[0].Private
	if err := keys.pair(w); err != nil {
		return err
	}
	if keys.Signing[0].Private != newest {
		if err := e.saveKeyring(ctx, tx, org, w.ID, keys); err != nil {
			return err
		}
	}
	return e.settle(org, w, before.Verification.Token, keys)
}

func (e *Endpoints) saveKeyring(ctx context.Context, tx *database.Tx, org parley.OrganizationID, id parley.WebhookID, k keyring) error {
	b, err := json.Marshal(k)
	if err != nil {
		return fmt.Errorf("encode the keys of %s: %w", id, err)
	}
	tx.Queue(ctx, "update webhooks set secrets = $3 where org_id = $1 and id = $2",
		string(org), string(id), e.vault.Seal(string(id), string(b)))
	return nil
}

func (e *Endpoints) loadKeyring(ctx context.Context, q database.Querier, org parley.OrganizationID, id parley.WebhookID) (k keyring, err error) {
	var text string
	err = q.QueryRow(ctx, "select secrets from webhooks where org_id = $1 and id = $2", string(org), string(id)).Scan(&text)
	if err == nil {
		text, err = e.vault.Open(string(id), text)
	}
	if err == nil {
		err = json.Unmarshal([]byte(text), &k)
	}
	if err == nil && len(k.Signing) == 0 {
		err = errors.New("there are none")
	}
	if err != nil {
		return k, fmt.Errorf("read the keys of %s: %w", id, err)
	}
	return k, nil
}

// PublicKey verifies v1a signatures of an endpoint's requests.
type PublicKey struct {
	PublicKey string       `json:"public_key" doc:"whpk_ and 32 bytes in base64" example:"whpk_…"`
	ExpiresAt *parley.Time `json:"expires_at" doc:"Until when requests are signed with it, after a newer key has replaced it; null: it is the newest"`
}

// PublicKeys are the keys that requests to an endpoint are signed with now, the
// newest first; none if it does not ask for v1a signatures.
func (e *Endpoints) PublicKeys(ctx context.Context, org parley.OrganizationID, id parley.WebhookID) ([]PublicKey, error) {
	w, err := e.noun.Get(ctx, org, string(id))
	if err != nil || !private(w) {
		return nil, err
	}
	keys, err := e.loadKeyring(ctx, e.db.Read(), org, id)
	if err != nil {
		return nil, err
	}
	now := parley.Now()
	var found []PublicKey
	for _, k := range keys.Signing {
		if k.Private == "" || !k.valid(now) {
			continue
		}
		public, err := k.Private.Public()
		if err != nil {
			return nil, fmt.Errorf("read the keys of %s: %w", id, err)
		}
		found = append(found, PublicKey{public, k.ExpiresAt})
	}
	return found, nil
}

// setDefaults says in words what an endpoint that was not made through the API may
// leave open.
func setDefaults(w *parley.Webhook) {
	w.Auth.Type = cmp.Or(w.Auth.Type, "none")
	w.Signing = cmp.Or(w.Signing, "v1")
	w.Format = cmp.Or(w.Format, "standard")
	w.Verification.Type = cmp.Or(w.Verification.Type, "none")
}

// elsewhere tells whether two URLs lead to different hosts. What is kept secret for
// the one must not be sent to the other: else whoever may change an endpoint could
// have it sent to a place of their own, and read it there.
func elsewhere(before, after string) bool { return origin(before) != origin(after) }

func origin(rawURL string) string {
	u, err := url.Parse(rawURL)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Scheme + "://" + u.Host)
}

// keepHeaders keeps the values that were sent back as they were shown, unless they
// would go to another host now.
func keepHeaders(before parley.Webhook, after *parley.Webhook) {
	moved := elsewhere(before.URL, after.URL)
	for name, value := range after.Headers {
		kept, ok := before.Headers[name]
		switch {
		case ok && moved && value == kept:
			after.Headers[name] = hidden
		case ok && !moved && value == hidden:
			after.Headers[name] = kept
		}
	}
}

// sealHeaders seals the values that are not as they were kept before, and tells what
// is wrong with which.
func (e *Endpoints) sealHeaders(org parley.OrganizationID, kept, headers parley.Headers) map[string]error {
	faults := map[string]error{}
	for name, value := range headers {
		if old, ok := kept[name]; ok && old == value {
			continue
		}
		if value == hidden {
			faults[name] = errors.New("must be given in full: " + hidden + " stands for the value that is kept, which goes to no other host; null removes the header")
			continue
		}
		if err := outbound.CheckHeader(name, value); err != nil {
			faults[name] = err
			continue
		}
		headers[name] = e.vault.Seal(headerPlace(org, name), value)
	}
	return faults
}

// openHeaders gives the values as they are sent.
func (e *Endpoints) openHeaders(org parley.OrganizationID, kept parley.Headers) (parley.Headers, error) {
	headers := make(parley.Headers, len(kept))
	for name, value := range kept {
		plain, err := e.vault.Open(headerPlace(org, name), value)
		if err != nil {
			return nil, fmt.Errorf("read header %q: %w", name, err)
		}
		headers[name] = plain
	}
	return headers, nil
}

func headerPlace(org parley.OrganizationID, name string) string { return string(org) + " " + name }
