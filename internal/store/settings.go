package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Settle gives the value of a setting of the whole database, which is the one given
// if it has none yet.
func Settle(ctx context.Context, tx Writer, name, value string) (settled string, err error) {
	err = tx.QueryRow(ctx, "select value from settings where name = $1", name).Scan(&settled)
	if err == nil {
		return settled, nil
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("read setting %s: %w", name, err)
	}
	_, err = tx.Exec(ctx, "insert into settings (name, value) values ($1, $2) on conflict (name) do nothing", name, value)
	if err == nil {
		err = tx.QueryRow(ctx, "select value from settings where name = $1", name).Scan(&settled)
	}
	if err != nil {
		return "", fmt.Errorf("make setting %s: %w", name, err)
	}
	return settled, nil
}
