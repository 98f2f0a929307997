package bench

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"parley"
	"parley/internal/database"
)

// Conversations are made by the database itself, some at once, as no API could in
// the time. Their ids are in order of their numbers and look like all ids. One in ten
// is open, one in a hundred has the label vip; every contact has about ten, every one of
// twenty users one in forty.
const conversationRows = `
	insert into conversations (
		org_id, id, status, inbox_id, contact_id, assignee_id, subject, labels, variables, custom_fields,
		snoozed_until, last_message_at, created_at, updated_at, seq)
	with recursive numbers (n) as (
		select cast($1 as bigint)
		union all
		select n + 1 from numbers where n + 1 < $2
	)
	select cast($3 as text), 'conv_01kaf100' || substr(cast(1000000000000000000 + n as text), 2),
		case when n % 10 = 3 or n % 1000 = 7 then 'open' when n % 10000 = 5 then 'pending' else 'resolved' end,
		cast($4 as text),
		'con_01kaf000' || substr(cast(1000000000000000000 + (n / 10 * 7919) % 100003 as text), 2),
		case when n % 2 = 0 then 'usr_01kaf000' || substr(cast(1000000000000000000 + n / 2 % 20 as text), 2) end,
		'Two loaves short', case when n % 100 = 7 then '["vip"]' else '[]' end, '{}', '{}',
		null, 1763600000000 + n, 1763600000000 + n, 1763600000000 + n, 1
	from numbers`

const labelRows = `
	insert into conversation_labels (org_id, label, conversation_id)
	select org_id, 'vip', id from conversations
	where org_id = $1 and labels = '["vip"]'`

// storeConversations puts conversations into the database of a world whose server
// does not run.
func (w *world) storeConversations(ctx context.Context, org parley.OrganizationID, inbox parley.InboxID, count int) (err error) {
	const atOnce = 20_000
	config := database.Config{URL: w.databaseURL}
	if config.URL == "" {
		config.Path = filepath.Join(w.data, "parley.db")
	}
	db, err := database.Open(ctx, config)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	tell := w.run.progress.step(fmt.Sprintf("storing %s conversations", thousands(int64(count))), int64(count))
	store := func(statement string, args ...any) error {
		return db.Write(ctx, org, func(ctx context.Context, tx *database.Tx) error {
			_, err := tx.Exec(ctx, statement, args...)
			return err
		})
	}
	for from := 0; from < count; from += atOnce {
		if err := store(conversationRows, from, min(from+atOnce, count), string(org), string(inbox)); err != nil {
			return err
		}
		tell(int64(from))
	}
	err = store(labelRows, string(org))
	if err == nil && db.Engine() == database.Postgres {
		err = store("analyze conversations, conversation_labels") // as its autovacuum does within minutes
	}
	return err
}
