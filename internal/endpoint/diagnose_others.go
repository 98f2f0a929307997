package endpoint

import (
	"context"
	"encoding/json"
	"fmt"

	"parley"
)

// maxOthers is how many other endpoints' secrets are tried.
const maxOthers = 1000

// otherEndpoint finds another endpoint of the organization by whose secret the request
// was signed, and how its body was altered if it was; nil: there is none.
func (x *examination) otherEndpoint(ctx context.Context, wordings []wording) (found *parley.Webhook, altered string, err error) {
	rows, err := x.e.db.Read().Query(ctx, `
		select id, url, secrets from webhooks
		where org_id = $1 and id <> $2
		order by id desc limit $3`, string(x.org), string(x.w.ID), maxOthers)
	if err != nil {
		return nil, "", fmt.Errorf("read other endpoints' secrets: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var other parley.Webhook
		var sealed string
		if err := rows.Scan(&other.ID, &other.URL, &sealed); err != nil {
			return nil, "", fmt.Errorf("read other endpoints' secrets: %w", err)
		}
		var keys keyring
		text, err := x.e.vault.Open(string(other.ID), sealed)
		if err != nil || json.Unmarshal([]byte(text), &keys) != nil {
			continue // its own pages tell of it
		}
		for _, v := range wordings {
			if x.signedBy(keys, x.id, v.body) != nil {
				return &other, v.says, nil
			}
		}
	}
	return nil, "", rows.Err()
}
