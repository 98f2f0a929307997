package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"parley"
	"parley/internal/database"
	"parley/internal/store"
)

// rows keep sessions for scs. A token is its SHA-256 here. Who is signed in stands in
// a column of its own, which a request sets when it makes the row and never after: a
// request that began before a session ended cannot bring it back.
type rows struct{ *Sessions }

// FindCtx implements scs.CtxStore.
func (s rows) FindCtx(ctx context.Context, token string) (data []byte, found bool, err error) {
	now := parley.Now()
	row, found, err := store.GetSession(ctx, s.db.Read(), token, now)
	if err != nil || !found {
		return nil, false, err
	}
	r := of(ctx)
	r.id, r.email, r.organization = row.ID, row.Email, row.Organization
	if row.Email != "" && now >= row.SeenAt.Add(seenEach) {
		s.touch(ctx, row, now)
	}
	return []byte(row.Data), true, nil
}

// touch notes that a session was seen. A request does not depend on it.
func (s rows) touch(ctx context.Context, row store.Session, now parley.Time) {
	err := s.db.Record(ctx, func(ctx context.Context, tx *database.Tx) error {
		store.TouchSession(ctx, tx, row.ID, now, min(row.EndsAt, now.Add(idle)))
		return nil
	})
	if err != nil && ctx.Err() == nil {
		s.options.Logger.Warn("session.not_touched", "error", err)
	}
}

// CommitCtx implements scs.CtxStore.
func (s rows) CommitCtx(ctx context.Context, token string, data []byte, ends time.Time) error {
	r := of(ctx)
	err := s.db.Record(ctx, func(ctx context.Context, tx *database.Tx) error {
		if token == r.id {
			store.UpdateSessionData(ctx, tx, token, string(data))
			return nil
		}
		now := parley.Now()
		row := store.Session{
			ID: token, Email: r.email, Organization: r.organization, Data: string(data), UserAgent: r.userAgent, IP: r.ip,
			CreatedAt: now, SeenAt: now, EndsAt: parley.At(ends), ExpiresAt: min(parley.At(ends), now.Add(idle)),
		}
		if r.email == "" {
			row.EndsAt = now.Add(waiting)
			row.ExpiresAt = row.EndsAt
		}
		store.InsertSession(ctx, tx, row)
		return nil
	})
	if err == nil {
		r.id = token
	}
	return err
}

// DeleteCtx implements scs.CtxStore.
func (s rows) DeleteCtx(ctx context.Context, token string) error {
	return s.delete(ctx, of(ctx).email, token)
}

func (s *Sessions) delete(ctx context.Context, email, id string) error {
	return s.db.Record(ctx, func(ctx context.Context, tx *database.Tx) error {
		store.DeleteSession(ctx, tx, email, id)
		return nil
	})
}

var errNoContext = errors.New("session: scs has forgotten the context")

// Find implements scs.Store, which scs asks for but does not use.
func (s rows) Find(string) ([]byte, bool, error) { return nil, false, errNoContext }

// Commit implements scs.Store.
func (s rows) Commit(string, []byte, time.Time) error { return errNoContext }

// Delete implements scs.Store.
func (s rows) Delete(string) error { return errNoContext }

// codec writes what a session holds as JSON: its values are texts.
type codec struct{}

type content struct {
	Ends   int64             `json:"ends"` // milliseconds since 1970
	Values map[string]string `json:"values,omitempty"`
}

// Encode implements scs.Codec.
func (codec) Encode(ends time.Time, values map[string]any) ([]byte, error) {
	c := content{Ends: ends.UnixMilli(), Values: make(map[string]string, len(values))}
	for name, value := range values {
		text, ok := value.(string)
		if !ok {
			return nil, fmt.Errorf("session: the value of %s is %T and no text", name, value)
		}
		c.Values[name] = text
	}
	return json.Marshal(c)
}

// Decode implements scs.Codec.
func (codec) Decode(b []byte) (ends time.Time, values map[string]any, err error) {
	var c content
	if err := json.Unmarshal(b, &c); err != nil {
		return ends, nil, fmt.Errorf("read a session: %w", err)
	}
	values = make(map[string]any, len(c.Values))
	for name, text := range c.Values {
		values[name] = text
	}
	return time.UnixMilli(c.Ends).UTC(), values, nil
}
