package account_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pquerna/otp/totp"

	"parley"
	"parley/internal/account"
	"parley/internal/database"
	"parley/internal/testing/dbtest"
	"parley/internal/vault"
)

// codeAt is what the app shows at a time.
func codeAt(t *testing.T, key *account.Key, at time.Time) string {
	t.Helper()
	code, err := totp.GenerateCode(key.Secret(), at)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// turnedOn is a second factor of grace, turned on a minute ago, and its recovery codes.
func turnedOn(t *testing.T, s *account.SecondFactors) (*account.Key, []string) {
	t.Helper()
	key, err := s.Begin(t.Context(), usual.Email)
	if err != nil {
		t.Fatal(err)
	}
	codes, err := s.Confirm(t.Context(), usual.Email, codeAt(t, key, time.Now().Add(-30*time.Second)))
	if err != nil {
		t.Fatal(err)
	}
	return key, codes
}

func TestASecondFactorIsTurnedOnByACode(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		v := vault.Ephemeral()
		s := account.NewSecondFactors(db, v)
		on := func() bool {
			on, err := s.On(t.Context(), "GRACE@example.com")
			if err != nil {
				t.Fatal(err)
			}
			return on
		}
		if on() {
			t.Error("it is on before it is begun")
		}
		abandoned, err := s.Begin(t.Context(), usual.Email)
		if err != nil {
			t.Fatal(err)
		}
		key, err := s.Begin(t.Context(), usual.Email)
		if err != nil || on() {
			t.Fatalf("on after it is begun: %v (%v)", on(), err)
		}
		if url := key.URL(); !strings.HasPrefix(url, "otpauth://totp/Parley:Grace@example.com?") || !strings.Contains(url, "secret="+key.Secret()) {
			t.Errorf("its address is %s", url)
		}
		if image, err := key.Image(200, 200); err != nil || image.Bounds().Dx() != 200 {
			t.Errorf("it has no picture (%v)", err)
		}
		var kept string
		if err := db.Read().QueryRow(t.Context(), "select secret from second_factors").Scan(&kept); err != nil || strings.Contains(kept, key.Secret()) || !strings.HasPrefix(kept, "sealed:") {
			t.Errorf("the secret is kept as %s (%v)", kept, err)
		}
		if err := s.Verify(t.Context(), usual.Email, codeAt(t, key, time.Now())); parley.KindOf(err) != parley.Conflict {
			t.Errorf("verified before it is confirmed: %v, want Conflict", err)
		}
		for _, wrong := range []string{"", "000", codeAt(t, abandoned, time.Now()), codeAt(t, key, time.Now().Add(-time.Hour))} {
			if _, err := s.Confirm(t.Context(), usual.Email, wrong); parley.KindOf(err) != parley.Invalid || on() {
				t.Errorf("confirmed by %q: %v, want Invalid", wrong, err)
			}
		}
		code := codeAt(t, key, time.Now())
		codes, err := s.Confirm(t.Context(), usual.Email, code[:3]+" "+code[3:])
		if err != nil || !on() || len(codes) != 10 {
			t.Fatalf("confirmed: %v, with %d recovery codes (%v)", on(), len(codes), err)
		}
		if _, err := s.Begin(t.Context(), usual.Email); parley.KindOf(err) != parley.Conflict {
			t.Errorf("begun again: %v, want Conflict", err)
		}
		if err := s.Disable(t.Context(), usual.Email); err != nil || on() {
			t.Errorf("disabled: still on: %v (%v)", on(), err)
		}
		if left, err := s.RecoveryCodesLeft(t.Context(), usual.Email); left != 0 || err != nil {
			t.Errorf("%d recovery codes are left (%v)", left, err)
		}
	})
}

func TestACodeIsAcceptedOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := account.NewSecondFactors(dbtest.SQLite(t), vault.Ephemeral())
		time.Sleep(time.Minute)
		key, _ := turnedOn(t, s)
		verify := func(name, code string, want parley.Kind) {
			t.Helper()
			err := s.Verify(t.Context(), "grace@Example.com", code)
			if err == nil && want != parley.Internal || err != nil && parley.KindOf(err) != want {
				t.Errorf("%s: %v, want kind %d", name, err, want)
			}
		}
		const right = parley.Internal // no error
		verify("the code that confirmed it", codeAt(t, key, time.Now().Add(-30*time.Second)), parley.Invalid)
		verify("the present code", codeAt(t, key, time.Now()), right)
		verify("the same again", codeAt(t, key, time.Now()), parley.Invalid)
		verify("that of a fast clock", codeAt(t, key, time.Now().Add(30*time.Second)), right)
		verify("one before the last", codeAt(t, key, time.Now()), parley.Invalid)
		time.Sleep(2 * time.Minute)
		verify("a step too old", codeAt(t, key, time.Now().Add(-time.Minute)), parley.Invalid)
		verify("a step too new", codeAt(t, key, time.Now().Add(time.Minute)), parley.Invalid)
		verify("that of a slow clock", codeAt(t, key, time.Now().Add(-30*time.Second)), right)
	})
}

func TestCodesCannotBeGuessed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := account.NewSecondFactors(dbtest.SQLite(t), vault.Ephemeral())
		key, _ := turnedOn(t, s)
		guess := func() error { return s.Verify(t.Context(), usual.Email, "guess") }
		for range 5 {
			if err := guess(); parley.KindOf(err) != parley.Invalid {
				t.Fatalf("%v, want Invalid", err)
			}
		}
		for _, wait := range []time.Duration{time.Minute, 2 * time.Minute, 4 * time.Minute} {
			time.Sleep(wait - time.Millisecond)
			if err := s.Verify(t.Context(), usual.Email, codeAt(t, key, time.Now())); parley.KindOf(err) != parley.TooMany {
				t.Errorf("a moment before %v: %v, want TooMany", wait, err)
			}
			time.Sleep(time.Millisecond)
			if err := guess(); parley.KindOf(err) != parley.Invalid {
				t.Errorf("after %v: %v, want Invalid", wait, err)
			}
		}
		time.Sleep(8 * time.Minute)
		if err := s.Verify(t.Context(), usual.Email, codeAt(t, key, time.Now())); err != nil {
			t.Errorf("the right one: %v", err)
		}
		if err := guess(); parley.KindOf(err) != parley.Invalid {
			t.Errorf("after the right one: %v, want Invalid", err)
		}
		for range 40 {
			_ = guess()
			time.Sleep(time.Hour)
		}
		if err := guess(); parley.KindOf(err) != parley.Invalid {
			t.Errorf("the longest wait is over an hour: %v", err)
		}
	})
}

func TestARecoveryCodeWorksOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		s := account.NewSecondFactors(db, vault.Ephemeral())
		_, codes := turnedOn(t, s)
		if err := s.Verify(t.Context(), usual.Email, strings.ToUpper(codes[3])); err != nil {
			t.Errorf("a recovery code: %v", err)
		}
		if err := s.Verify(t.Context(), usual.Email, strings.ReplaceAll(codes[3], "-", "")); parley.KindOf(err) != parley.Invalid {
			t.Errorf("the same again: %v, want Invalid", err)
		}
		if left, err := s.RecoveryCodesLeft(t.Context(), usual.Email); left != 9 || err != nil {
			t.Errorf("%d are left (%v)", left, err)
		}
		fresh, err := s.RenewRecoveryCodes(t.Context(), usual.Email)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Verify(t.Context(), usual.Email, codes[4]); parley.KindOf(err) != parley.Invalid {
			t.Errorf("one of those before: %v, want Invalid", err)
		}
		if err := s.Verify(t.Context(), usual.Email, fresh[0]); err != nil {
			t.Errorf("a new one: %v", err)
		}
		if _, err := s.RenewRecoveryCodes(t.Context(), "ada@example.com"); parley.KindOf(err) != parley.Conflict {
			t.Errorf("without a second factor: %v, want Conflict", err)
		}
	})
}

func TestASecretCanBeSeenUntilItIsConfirmed(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		s := account.NewSecondFactors(db, vault.Ephemeral())
		if _, ok, err := s.Pending(t.Context(), usual.Email); ok || err != nil {
			t.Errorf("before it is begun: %v %v", ok, err)
		}
		key, err := s.Begin(t.Context(), usual.Email)
		if err != nil {
			t.Fatal(err)
		}
		seen, ok, err := s.Pending(t.Context(), usual.Email)
		if err != nil || !ok || seen.Secret() != key.Secret() || seen.URL() != key.URL() {
			t.Fatalf("it is seen as %v (%v %v), want %v", seen, ok, err, key)
		}
		if _, err := s.Confirm(t.Context(), usual.Email, codeAt(t, key, time.Now())); err != nil {
			t.Fatal(err)
		}
		if _, ok, err := s.Pending(t.Context(), usual.Email); ok || err != nil {
			t.Errorf("after it is confirmed: %v %v", ok, err)
		}
	})
}
