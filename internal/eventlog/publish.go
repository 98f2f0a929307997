package eventlog

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"parley"
	"parley/internal/database"
)

// maxKey is how many bytes a key of a client's own making has at most.
const maxKey = 255

// Publication is an event of a client's own making: its type begins with "custom.",
// its data is a JSON object, {} if it is left out. Without a key it stands alone.
type Publication struct {
	Type string
	Key  string
	Data json.RawMessage
}

// check tells what is wrong with the publication at a place of a list.
func (p Publication) check(i int) error {
	at := func(field string) string { return fmt.Sprintf("body.events[%d].%s", i, field) }
	switch {
	case len(p.Key) > maxKey:
		return parley.InvalidField(at("key"), "must have at most %d bytes", maxKey)
	case !json.Valid(p.Data) || !bytes.HasPrefix(bytes.TrimSpace(p.Data), []byte("{")):
		return parley.InvalidField(at("data"), "must be a JSON object")
	}
	return nil
}

// Publish appends events of a client's own making, all of them or none.
func (l *Log) Publish(ctx context.Context, by parley.Caller, wanted []Publication) (events []*parley.Event, err error) {
	err = l.db.Write(ctx, by.Organization, func(ctx context.Context, tx *database.Tx) error {
		events = make([]*parley.Event, 0, len(wanted))
		for i, p := range wanted {
			if p.Data == nil {
				p.Data = json.RawMessage("{}")
			}
			if err := p.check(i); err != nil {
				return err
			}
			at, err := l.Next(ctx, tx)
			if err != nil {
				return err
			}
			if p.Key == "" {
				p.Key = strconv.FormatInt(at.Sequence, 10)
			}
			draft, ok := parley.CustomEvent(p.Type, p.Key, p.Data)
			if !ok {
				return parley.InvalidField(fmt.Sprintf("body.events[%d].type", i), "must be custom. and 1 to 64 of a-z, 0-9 and _")
			}
			e, err := l.Append(ctx, tx, by, at, draft)
			if err != nil {
				return err
			}
			events = append(events, e)
		}
		return nil
	})
	return events, err
}
