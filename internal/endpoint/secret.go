package endpoint

import (
	"context"
	"encoding/json"
	"fmt"

	"parley"
	"parley/internal/database"
	"parley/internal/outbound"
)

// signingSecret is a secret and until when requests are signed with it too.
type signingSecret struct {
	Secret    outbound.Secret `json:"secret"`
	ExpiresAt *parley.Time    `json:"expires_at"`
}

func (e *Endpoints) saveSecrets(ctx context.Context, tx *database.Tx, org parley.OrganizationID, id parley.WebhookID, secrets []signingSecret) error {
	b, err := json.Marshal(secrets)
	if err != nil {
		return fmt.Errorf("encode secrets: %w", err)
	}
	_, err = tx.Exec(ctx, "update webhooks set secrets = $3 where org_id = $1 and id = $2",
		string(org), string(id), e.vault.Seal(string(id), string(b)))
	if err != nil {
		return fmt.Errorf("store secrets: %w", err)
	}
	return nil
}

func (e *Endpoints) loadSecrets(ctx context.Context, q database.Querier, org parley.OrganizationID, id parley.WebhookID) (secrets []signingSecret, err error) {
	var text string
	err = q.QueryRow(ctx, "select secrets from webhooks where org_id = $1 and id = $2", string(org), string(id)).Scan(&text)
	if err == nil {
		text, err = e.vault.Open(string(id), text)
	}
	if err == nil {
		err = json.Unmarshal([]byte(text), &secrets)
	}
	if err != nil {
		return nil, fmt.Errorf("read secrets of %s: %w", id, err)
	}
	return secrets, nil
}

// sealHeaders seals the values that are not as they were kept before, and tells what
// is wrong with which.
func (e *Endpoints) sealHeaders(org parley.OrganizationID, kept, headers parley.Headers) map[string]error {
	faults := map[string]error{}
	for name, value := range headers {
		if old, ok := kept[name]; ok && old == value {
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
