package endpoint

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"parley"
	"parley/internal/database"
	"parley/internal/store"
)

// awaitsToken is why an unverified endpoint is sent nothing.
const awaitsToken = "It has yet to answer its verification token: until then its events are held. POST /v1/webhooks/{id}/verify tries at once."

func tokenPlace(org parley.OrganizationID) string { return string(org) + " verification token" }

// publicVerification is an endpoint's verification as it may be shown.
func publicVerification(v parley.Verification) parley.Verification {
	if v.Token != "" {
		v.Token = hidden
	}
	return v
}

// checkVerification tells what is wrong with an endpoint's verification, and seals
// its token if that is new.
func (e *Endpoints) checkVerification(org parley.OrganizationID, before, after *parley.Webhook, refuse func(location, message string)) {
	const location = "body.verification.token"
	v := &after.Verification
	switch {
	case v.Type == "none":
		if v.Token != "" {
			refuse(location, "goes with type token_echo only: leave it out")
		}
	case v.Token == "":
		refuse(location, "must be given with type token_echo")
	case before != nil && v.Token == before.Verification.Token:
	case v.Token == hidden:
		refuse(location, "must be given in full: "+hidden+" stands for the token that is kept, and none is")
	case strings.TrimSpace(v.Token) != v.Token:
		refuse(location, "must not begin or end with spaces: those around an answer do not count")
	default:
		v.Token = e.vault.Seal(tokenPlace(org), v.Token)
	}
}

func (e *Endpoints) openVerification(org parley.OrganizationID, kept parley.Verification) (parley.Verification, error) {
	if kept.Token == "" {
		return kept, nil
	}
	plain, err := e.vault.Open(tokenPlace(org), kept.Token)
	kept.Token = plain
	return kept, err
}

// identity is what an endpoint is verified as: another URL or token is another
// identity, which has to answer for itself.
func identity(url, token string) string {
	sum := sha256.Sum256([]byte(url + "\n" + token))
	return hex.EncodeToString(sum[:])
}

// identityOf is that of an endpoint whose token may be sealed or, in a change that
// was not checked yet, in clear; "" if it does not ask for verification.
func (e *Endpoints) identityOf(org parley.OrganizationID, w *parley.Webhook, kept string) (string, error) {
	if w.Verification.Type != "token_echo" {
		return "", nil
	}
	token := w.Verification.Token
	if token == kept {
		v, err := e.openVerification(org, w.Verification)
		if err != nil {
			return "", err
		}
		token = v.Token
	}
	return identity(w.URL, token), nil
}

// settle decides whether an endpoint that is changing is unverified: it is if it asks
// for verification and is not what has answered. One that is paused or disabled
// stays so, and is looked at when it is resumed. kept is its token as it was kept
// before the change.
func (e *Endpoints) settle(org parley.OrganizationID, w *parley.Webhook, kept string, keys keyring) error {
	id, err := e.identityOf(org, w, kept)
	if err != nil {
		return err
	}
	verified := id == "" || id == keys.Verified
	switch w.Status {
	case parley.EndpointActive, parley.EndpointFailing:
		if !verified {
			w.Status, w.StatusReason = parley.EndpointUnverified, new(awaitsToken)
		}
	case parley.EndpointUnverified:
		if verified {
			w.Status, w.StatusReason = parley.EndpointActive, nil
		}
	case parley.EndpointPaused, parley.EndpointDisabled:
	}
	return nil
}

// Verify has an endpoint asked for its token now, and gives it as it is when the
// answer was right. That it was not is a Conflict error that says what came back. One
// that needs no verification, or is verified already, is not asked.
func (e *Endpoints) Verify(ctx context.Context, by parley.Caller, id parley.WebhookID) (parley.Webhook, error) {
	w, err := e.noun.Get(ctx, by.Organization, string(id))
	if err != nil {
		return w, err
	}
	keys, err := e.loadKeyring(ctx, e.db.Read(), by.Organization, id)
	if err != nil {
		return w, err
	}
	now, err := e.identityOf(by.Organization, &w, w.Verification.Token)
	if err != nil {
		return w, err
	}
	if now != "" && now != keys.Verified {
		if e.engine == nil {
			return w, parley.Errorf(parley.Unavailable, "Nothing can be sent from here at the moment. Try again later.")
		}
		if err := e.engine.Verify(ctx, by.Organization, id); err != nil {
			return w, err
		}
	}
	return e.Get(ctx, by.Organization, id)
}

// Verified notes that an endpoint has answered its token, as it was when it was
// loaded: one whose URL or token has changed since is a Conflict error. It is active
// from then on, with what was held, unless it is paused or disabled.
func (e *Endpoints) Verified(ctx context.Context, s Subscription) error {
	org, id := s.Org, s.Webhook.ID
	answered := identity(s.Webhook.URL, s.Webhook.Verification.Token)
	by := parley.Caller{Organization: org, Actor: parley.System}
	return e.change(ctx, by, id, func(ctx context.Context, tx *database.Tx, before parley.Webhook) error {
		now, err := e.identityOf(org, &before, before.Verification.Token)
		if err != nil {
			return err
		}
		if now != answered {
			return parley.Errorf(parley.Conflict, "The URL or the token was changed while the endpoint was being asked. Verify it again.")
		}
		keys, err := e.loadKeyring(ctx, tx, org, id)
		if err != nil || keys.Verified == answered {
			return err
		}
		keys.Verified = answered
		if err := e.saveKeyring(ctx, tx, org, id, keys); err != nil {
			return err
		}
		at, err := e.log.Next(ctx, tx)
		if err != nil {
			return err
		}
		after := before
		if err := e.settle(org, &after, before.Verification.Token, keys); err != nil {
			return err
		}
		e.noteStatus(ctx, tx, org, before, after)
		previous := store.Webhooks.Changed(&before, &after)
		store.Webhooks.Touch(&after, at.Sequence, at.At)
		return e.write(ctx, tx, by, at, before, &after, parley.WebhookVerified.Draft(string(id), "", parley.WebhookEvent{
			Webhook: public(after), Previous: publicPrevious(previous),
		}))
	})
}
