package account

import (
	"context"
	"crypto/subtle"
	"database/sql"
	"encoding/base32"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"parley"
	"parley/internal/database"
	"parley/internal/vault"
)

// SecondFactors are what logins may ask for besides the password: a code that an app
// on the person's phone makes of a secret and the time (TOTP, RFC 6238), or, without
// the phone, one of ten recovery codes.
type SecondFactors struct {
	db    *database.DB
	vault *vault.Vault
}

// NewSecondFactors makes the verbs; the vault seals the secrets.
func NewSecondFactors(db *database.DB, v *vault.Vault) *SecondFactors {
	return &SecondFactors{db: db, vault: v}
}

// Key is the secret of a second factor, in the form in which apps take it over: its
// URL begins with otpauth:, Image draws that as a QR code, and Secret is for typing.
type Key = otp.Key

// issuer is what apps show a code beside.
const issuer = "Parley"

const (
	step = 30 * time.Second // how long a code is shown

	// After freeFailures wrong codes in a row one has to wait, each time twice as long.
	freeFailures = 5
	firstWait    = time.Minute
	longestWait  = time.Hour
)

// secondFactor is a row.
type secondFactor struct {
	secret      string // in the clear
	confirmedAt *parley.Time
	lastStep    int64
	failures    int
	failedAt    parley.Time
}

// On tells whether a login asks for a second factor.
func (s *SecondFactors) On(ctx context.Context, email string) (bool, error) {
	f, found, err := s.get(ctx, s.db.Read(), Login(email))
	return found && f.confirmedAt != nil, err
}

func (s *SecondFactors) get(ctx context.Context, q database.Querier, login string) (f secondFactor, found bool, err error) {
	var sealed string
	err = q.QueryRow(ctx, "select secret, confirmed_at, last_step, failures, failed_at from second_factors where email = $1", login).
		Scan(&sealed, &f.confirmedAt, &f.lastStep, &f.failures, &f.failedAt)
	if errors.Is(err, sql.ErrNoRows) {
		return f, false, nil
	}
	if err != nil {
		return f, false, fmt.Errorf("get second factor: %w", err)
	}
	f.secret, err = s.vault.Open(place(login), sealed)
	return f, err == nil, err
}

// place is what a login's secret is sealed for.
func place(login string) string { return "second factor of " + login }

// Begin makes a secret for a login. The login asks for codes only once one has been
// confirmed; until then another Begin makes another secret. A login that has a second
// factor is a Conflict: it has to be disabled first.
func (s *SecondFactors) Begin(ctx context.Context, email string) (*Key, error) {
	key, err := totp.Generate(totp.GenerateOpts{Issuer: issuer, AccountName: email})
	if err != nil {
		return nil, fmt.Errorf("make a second factor: %w", err)
	}
	login := Login(email)
	sealed := s.vault.Seal(place(login), key.Secret())
	err = s.db.Record(ctx, func(ctx context.Context, tx *database.Tx) error {
		done, err := tx.Exec(ctx, `
			insert into second_factors (email, secret, last_step, failures, failed_at, created_at) values ($1, $2, 0, 0, 0, $3)
			on conflict (email) do update set secret = excluded.secret, last_step = 0, failures = 0, created_at = excluded.created_at
			where second_factors.confirmed_at is null`, login, sealed, int64(parley.Now()))
		if err != nil {
			return fmt.Errorf("keep a second factor: %w", err)
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, parley.Errorf(parley.Conflict, "Your login has a second factor already: turn it off first."))
		}
		return nil
	})
	return key, err
}

// Pending is the secret that a login has begun with and not confirmed yet; ok is false
// if there is none.
func (s *SecondFactors) Pending(ctx context.Context, email string) (key *Key, ok bool, err error) {
	f, found, err := s.get(ctx, s.db.Read(), Login(email))
	if err != nil || !found || f.confirmedAt != nil {
		return nil, false, err
	}
	secret, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(f.secret)
	if err != nil {
		return nil, false, fmt.Errorf("read the secret of a second factor: %w", err)
	}
	if key, err = totp.Generate(totp.GenerateOpts{Issuer: issuer, AccountName: email, Secret: secret}); err != nil {
		return nil, false, fmt.Errorf("show a second factor: %w", err)
	}
	return key, true, nil
}

// Confirm turns the second factor on, if code shows that the app makes the right ones.
// The recovery codes, each of which can stand in for a code once, are given here and
// never again.
func (s *SecondFactors) Confirm(ctx context.Context, email, code string) (recovery []string, err error) {
	err = s.check(ctx, email, func(ctx context.Context, tx *database.Tx, login string, f secondFactor) (bool, error) {
		if f.confirmedAt != nil {
			return false, parley.Errorf(parley.Conflict, "Your login has a second factor already.")
		}
		right, err := acceptCode(ctx, tx, login, f, code)
		if err != nil || !right {
			return right, err
		}
		tx.Queue(ctx, "update second_factors set confirmed_at = $2 where email = $1", login, int64(parley.Now()))
		recovery = newRecoveryCodes(ctx, tx, login)
		return true, nil
	})
	return recovery, err
}

// Verify checks a code of the app or a recovery code, and uses it up: neither is ever
// accepted twice. The app's clock may be half a minute wrong. A wrong code is an
// Invalid error of the field code; after five in a row the error is TooMany for a while.
func (s *SecondFactors) Verify(ctx context.Context, email, code string) error {
	return s.check(ctx, email, func(ctx context.Context, tx *database.Tx, login string, f secondFactor) (bool, error) {
		if f.confirmedAt == nil {
			return false, noSecondFactor()
		}
		if right, err := acceptCode(ctx, tx, login, f, code); right || err != nil {
			return right, err
		}
		return useRecoveryCode(ctx, tx, login, code)
	})
}

func noSecondFactor() error {
	return parley.Errorf(parley.Conflict, "Your login has no second factor.")
}

// check counts wrong codes, and refuses to look at more of them too soon.
func (s *SecondFactors) check(ctx context.Context, email string, accept func(context.Context, *database.Tx, string, secondFactor) (bool, error)) error {
	login, wrong := Login(email), false
	err := s.db.Record(ctx, func(ctx context.Context, tx *database.Tx) error {
		// Beside it, nothing may change the row before the commit.
		if _, err := tx.Exec(ctx, "update second_factors set failures = failures where email = $1", login); err != nil {
			return fmt.Errorf("lock second factor: %w", err)
		}
		f, found, err := s.get(ctx, tx, login)
		if err != nil {
			return err
		}
		if !found {
			return noSecondFactor()
		}
		if err := f.mayTry(parley.Now()); err != nil {
			return err
		}
		right, err := accept(ctx, tx, login, f)
		if err != nil {
			return err
		}
		if wrong = !right; wrong {
			tx.Queue(ctx, "update second_factors set failures = failures + 1, failed_at = $2 where email = $1", login, int64(parley.Now()))
			return nil // the count must be kept
		}
		tx.Queue(ctx, "update second_factors set failures = 0 where email = $1", login)
		return nil
	})
	if err == nil && wrong {
		return parley.InvalidField("code", "is not right, or was used before: wait for the next one and look that the clock of your phone is right")
	}
	return err
}

func (f secondFactor) mayTry(now parley.Time) error {
	if f.failures < freeFailures {
		return nil
	}
	wait := min(firstWait<<min(f.failures-freeFailures, 10), longestWait)
	left := f.failedAt.Add(wait).Std().Sub(now.Std())
	if left <= 0 {
		return nil
	}
	err := parley.Errorf(parley.TooMany, "There were too many wrong codes: try again in %s.", left.Round(time.Second))
	err.RetryAfter = left
	return err
}

// acceptCode tells whether a code is of the present step of time or one beside it, and
// after the last that was accepted, and notes that it was.
func acceptCode(ctx context.Context, tx *database.Tx, login string, f secondFactor, code string) (bool, error) {
	code = strings.ReplaceAll(code, " ", "")
	now := time.Now()
	for _, skew := range []time.Duration{-step, 0, step} {
		at := now.Add(skew)
		number := at.Unix() / int64(step.Seconds())
		if number <= f.lastStep {
			continue
		}
		right, err := totp.GenerateCode(f.secret, at)
		if err != nil {
			return false, fmt.Errorf("make the code of step %s: %w", strconv.FormatInt(number, 10), err)
		}
		if subtle.ConstantTimeCompare([]byte(code), []byte(right)) == 1 {
			tx.Queue(ctx, "update second_factors set last_step = $2 where email = $1", login, number)
			return true, nil
		}
	}
	return false, nil
}

// Disable takes the second factor and the recovery codes from a login. Without one it
// changes nothing.
func (s *SecondFactors) Disable(ctx context.Context, email string) error {
	return s.db.Record(ctx, func(ctx context.Context, tx *database.Tx) error {
		removeSecondFactor(ctx, tx, Login(email))
		return nil
	})
}

func removeSecondFactor(ctx context.Context, tx *database.Tx, login string) {
	tx.Queue(ctx, "delete from second_factors where email = $1", login)
	tx.Queue(ctx, "delete from recovery_codes where email = $1", login)
}
