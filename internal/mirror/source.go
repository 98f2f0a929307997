package mirror

import (
	"context"
	"encoding/json"
	"errors"
)

// Source is the server, asked with a key that may read everything. It asks again by
// itself what failed and may succeed, with pauses: an error of it is final.
type Source interface {
	// Get asks for a path and reads the answer. What is not there, or no longer, is
	// ErrNotThere.
	Get(ctx context.Context, path string, into any) error

	// Follow calls handle with every event after a place, in order and once each, until
	// ctx ends, which is no error, or handle fails. Events that the server no longer
	// keeps are told to missed, before those that follow.
	Follow(ctx context.Context, after int64, handle func(Event) error, missed func(first, last int64)) error
}

// ErrNotThere says that the server has no such thing: 404 or 410.
var ErrNotThere = errors.New("the server does not have it")

// Event is an event of the log.
type Event struct {
	ID       string
	Type     string
	Sequence int64
	Data     map[string]json.RawMessage
	JSON     json.RawMessage // the envelope, byte by byte as it came
}

// known asks who the source is, and refuses it if the target is another's copy.
func (m *mirror) known(ctx context.Context, s *state) error {
	var organization struct {
		ID string `json:"id"`
	}
	if err := m.source.Get(ctx, "/v1/organization", &organization); err != nil {
		return err
	}
	if s.Organization != "" && s.Organization != organization.ID {
		return errors.New("the target holds the copy of another organization, " + s.Organization + ": the key is one of " + organization.ID)
	}
	head, err := m.head(ctx)
	if err != nil {
		return err
	}
	m.tell.Head = head
	if s.Organization == "" {
		s.Organization, s.RecordUntil, s.AsOf, s.Reread = organization.ID, head, head, head
		return nil
	}
	last, err := m.eventAt(ctx, s.Cursor)
	if err != nil {
		return err
	}
	if head < s.Cursor || last != "" && last != s.LastEvent {
		return errors.New("the server's log is not the one that the target was copied from: it was restored from a backup, or is another server; give the mirror a new target")
	}
	return nil
}

// head is the place of the newest event, 0 if there is none.
func (m *mirror) head(ctx context.Context) (int64, error) {
	page, err := m.events(ctx, "order=desc&limit=1")
	if err != nil || len(page) == 0 {
		return 0, err
	}
	return page[0].Sequence, nil
}

// eventAt is the id of the event at a place, "" if the log no longer keeps it.
func (m *mirror) eventAt(ctx context.Context, place int64) (string, error) {
	if place == 0 {
		return "", nil
	}
	page, err := m.events(ctx, "limit=1&after="+number(place-1))
	if errors.Is(err, ErrNotThere) {
		return "", nil
	}
	if err != nil || len(page) == 0 || page[0].Sequence != place {
		return "", err
	}
	return page[0].ID, nil
}

type eventKey struct {
	ID       string `json:"id"`
	Sequence int64  `json:"sequence"`
}

func (m *mirror) events(ctx context.Context, query string) ([]eventKey, error) {
	var page struct {
		Data []eventKey `json:"data"`
	}
	err := m.source.Get(ctx, "/v1/events?"+query, &page)
	return page.Data, err
}
