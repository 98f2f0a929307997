package account

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"

	"parley/internal/database"
)

// A recovery code has 16 of 32 characters, so that of its hash nothing can be told
// without a slow one.
const (
	recoveryCodes  = 10
	recoveryLength = 16
)

// RenewRecoveryCodes gives a login ten new recovery codes, instead of those it had.
func (s *SecondFactors) RenewRecoveryCodes(ctx context.Context, email string) (codes []string, err error) {
	login := Login(email)
	err = s.db.Record(ctx, func(ctx context.Context, tx *database.Tx) error {
		f, found, err := s.get(ctx, tx, login)
		if err != nil {
			return err
		}
		if !found || f.confirmedAt == nil {
			return noSecondFactor()
		}
		codes = newRecoveryCodes(ctx, tx, login)
		return nil
	})
	return codes, err
}

// RecoveryCodesLeft counts the recovery codes of a login that were not used.
func (s *SecondFactors) RecoveryCodesLeft(ctx context.Context, email string) (n int, err error) {
	err = s.db.Read().QueryRow(ctx, "select count(*) from recovery_codes where email = $1", Login(email)).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count recovery codes: %w", err)
	}
	return n, nil
}

func newRecoveryCodes(ctx context.Context, tx *database.Tx, login string) (codes []string) {
	tx.Queue(ctx, "delete from recovery_codes where email = $1", login)
	for range recoveryCodes {
		code := strings.ToLower(rand.Text()[:recoveryLength])
		tx.Queue(ctx, "insert into recovery_codes (email, hash) values ($1, $2)", login, hashKey(code))
		codes = append(codes, code[:4]+"-"+code[4:8]+"-"+code[8:12]+"-"+code[12:])
	}
	return codes
}

// useRecoveryCode tells whether a code was one, which it is no more.
func useRecoveryCode(ctx context.Context, tx *database.Tx, login, code string) (bool, error) {
	code = strings.NewReplacer("-", "", " ", "").Replace(strings.ToLower(code))
	if len(code) != recoveryLength {
		return false, nil
	}
	done, err := tx.Exec(ctx, "delete from recovery_codes where email = $1 and hash = $2", login, hashKey(code))
	if err != nil {
		return false, fmt.Errorf("use recovery code: %w", err)
	}
	n, err := done.RowsAffected()
	return n == 1, err
}
