package account

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"parley"
	"parley/internal/database"
	"parley/internal/store"
)

// Login is the name that an email signs in under: in lower case, without space around
// it. It is "", which nobody signs in under, for what cannot be an email.
func Login(email string) string {
	email = strings.ToLower(strings.TrimSpace(email))
	if len(email) > 254 || !strings.Contains(email, "@") || !utf8.ValidString(email) || strings.ContainsRune(email, 0) {
		return ""
	}
	return email
}

// CheckPassword tells whether a password is that of the login of an email: if not, or
// if there is no such login, the error is Unauthenticated and does not say which, and
// finding out took as much work. At most four passwords are checked at once; others
// wait as long as ctx lasts.
func (a *Account) CheckPassword(ctx context.Context, email, password string) error {
	stored, _, err := passwordOf(ctx, a.db.Read(), Login(email))
	if err != nil {
		return err
	}
	hash := newHash() // of no password
	if stored != "" {
		if hash, err = parseHash(stored); err != nil {
			return err
		}
	}
	right, err := a.hasher.matches(ctx, hash, password[:min(len(password), 201)]) // longer ones are nobody's
	if err != nil {
		return err
	}
	if !right || stored == "" {
		return parley.Errorf(parley.Unauthenticated, "The email or the password is not right.")
	}
	return nil
}

// passwordOf reads the hash of a login's password, which is "" if it signs in by other
// means only.
func passwordOf(ctx context.Context, q database.Querier, login string) (hash string, found bool, err error) {
	err = q.QueryRow(ctx, "select password_hash from logins where email = $1", login).Scan(&hash)
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	}
	if err != nil {
		return "", false, fmt.Errorf("look for login: %w", err)
	}
	return hash, true, nil
}

// HasLogin tells whether an email has a login, and so whether its person has to sign
// in to be believed.
func (a *Account) HasLogin(ctx context.Context, email string) (bool, error) {
	_, found, err := passwordOf(ctx, a.db.Read(), Login(email))
	return found, err
}

// HasPassword tells whether a login signs in with a password.
func (a *Account) HasPassword(ctx context.Context, email string) (bool, error) {
	hash, _, err := passwordOf(ctx, a.db.Read(), Login(email))
	return hash != "", err
}

// ChangePassword gives a login another password, if its person knows the old one or
// there is none, and ends its sessions but one: keep is its id.
func (a *Account) ChangePassword(ctx context.Context, email, old, password, keep string) error {
	if err := checkPassword(password); err != nil {
		return err
	}
	has, err := a.HasPassword(ctx, email)
	if err == nil && has {
		err = a.CheckPassword(ctx, email, old)
	}
	if parley.KindOf(err) == parley.Unauthenticated {
		return parley.InvalidField("old_password", "is not your password")
	}
	if err != nil {
		return err
	}
	return a.setPassword(ctx, email, password, func(ctx context.Context, tx *database.Tx) error {
		return store.DeleteSessions(ctx, tx, Login(email), keep)
	})
}

// GiveBack returns a login to its person, on the word of whoever runs the server: it
// has a new password, all its sessions have ended, and no external identity leads to
// it. Its second factor stays unless it is to go as well. Without such a login the
// error is NotFound.
func (a *Account) GiveBack(ctx context.Context, email, password string, withoutSecondFactor bool) error {
	login := Login(email)
	return a.setPassword(ctx, email, password, func(ctx context.Context, tx *database.Tx) error {
		if err := store.DeleteSessions(ctx, tx, login, ""); err != nil {
			return err
		}
		tx.Queue(ctx, "delete from external_identities where email = $1", login)
		if withoutSecondFactor {
			removeSecondFactor(ctx, tx, login)
		}
		return nil
	})
}

func (a *Account) setPassword(ctx context.Context, email, password string, also func(context.Context, *database.Tx) error) error {
	hash, err := a.hasher.hash(ctx, password)
	if err != nil {
		return err
	}
	return a.db.Record(ctx, func(ctx context.Context, tx *database.Tx) error {
		done, err := tx.Exec(ctx, "update logins set password_hash = $2, updated_at = $3 where email = $1", Login(email), hash, int64(parley.Now()))
		if err != nil {
			return fmt.Errorf("set password: %w", err)
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, parley.Missing("login", email))
		}
		return also(ctx, tx)
	})
}

// addLogin makes the login of an email that has none; "" is the hash of one that signs
// in by other means than a password. It tells whether there was none.
func addLogin(ctx context.Context, tx *database.Tx, login, hash string) (added bool, err error) {
	done, err := tx.Exec(ctx, `
		insert into logins (email, password_hash, created_at, updated_at)
		values ($1, $2, $3, $3)
		on conflict (email) do nothing`, login, hash, int64(parley.Now()))
	if err != nil {
		return false, fmt.Errorf("insert login: %w", err)
	}
	n, err := done.RowsAffected()
	return n == 1, err
}
